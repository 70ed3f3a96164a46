import { nested } from "../../../design/static_src/js/form/typed.js";

const PARTS = ["postal_code", "prefecture", "town", "street", "building"];

export default { address: (form, id) => nested(form, id, PARTS) };
