import { code, text } from "../../../design/static_src/js/form/typed.js";

function number(form, id) {
  const plain = code(text(form, id)).replace(/^[¥\\] ?| ?円$/g, "");
  return /^-?(\d{1,15}|[1-9]\d{0,2}(,\d{3})+)([.]\d+)?$/.test(plain) ? Number(plain.replaceAll(",", "")) : 0;
}

export default { number, money: number };
