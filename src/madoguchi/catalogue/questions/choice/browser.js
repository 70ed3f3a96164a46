import { text } from "../../../design/static_src/js/form/typed.js";

export default {
  choices: (form, id) => form.getAll(id),
  "yes-no": (form, id) => text(form, id) === "yes",
};
