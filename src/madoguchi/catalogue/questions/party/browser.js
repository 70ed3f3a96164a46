import { nested } from "../../../design/static_src/js/form/typed.js";

const PARTS = ["kind", "name", "kana", "corporate_number", "representative", "birth_date", "phone", "email"];

export default { party: (form, id) => nested(form, id, PARTS) };
