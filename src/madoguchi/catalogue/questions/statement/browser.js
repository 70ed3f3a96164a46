import { text } from "../../../design/static_src/js/form/typed.js";

export default { declaration: (form, id) => text(form, id) !== "" };
