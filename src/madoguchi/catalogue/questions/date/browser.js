import { code, text } from "../../../design/static_src/js/form/typed.js";

const ERAS = { 令和: 2018, 平成: 1988, 昭和: 1925, 大正: 1911, 明治: 1867 };
function date(form, id) {
  const [year, month, day] = ["year", "month", "day"].map((part) => code(text(form, `${id}.${part}`)).replace("元", "1"));
  if (!year || !month || !day) return "";
  const first = ERAS[text(form, `${id}.era`)];
  if (!first && !/^[1-9]\d{3}$/.test(year)) return "";
  const western = Number(year) + (first ?? 0);
  return `${String(western).padStart(4, "0")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

export default { date };
