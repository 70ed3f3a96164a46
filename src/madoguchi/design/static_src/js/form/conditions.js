// Conditions and the fee are CEL, the same text that the server judges by; the library is loaded when first needed.
import readers from "answers"; // each question type's own, from its folder (assets.py)
import { text } from "./typed.js";

export const answerOf = (form, id, type) => (readers[type] ?? text)(new FormData(form), id);

const age = (birth, on) => {
  const [a, b] = [birth, on].map((text) => text.split("-").map(Number));
  return b[0] - a[0] - (b[1] < a[1] || (b[1] === a[1] && b[2] < a[2]) ? 1 : 0);
};

const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 864e5);

// No signal: nobody can tell yet what need not be asked; the server judges.
export function askEverything(form) {
  form.querySelectorAll("[data-off]").forEach((field) => { delete field.dataset.off; });
}

// A condition inside a repeating group reads the answers of its own row first.
function scopeOf(field, rules) {
  const row = field.closest("[data-row]");
  if (!row) return { prefix: "", types: {} };
  const group = row.dataset.row;
  const number = [...row.parentElement.querySelectorAll(`:scope > [data-row="${CSS.escape(group)}"]`)].indexOf(row);
  return { prefix: `${group}.${number}.`, types: rules.rows?.[group] ?? {} };
}

export function followConditions(form, rules) {
  const conditional = () => [...form.querySelectorAll("[data-when]")].filter((field) => field.dataset.when);
  const fee = form.querySelector("[data-fee]");
  if (!conditional().length && !rules.fee && !rules.constraints?.length) return;
  let engine, tries = 0;
  // Tried again like the rest of the scripts (form.js); CEL is the file's name, from assets.py.
  const load = () => (engine ??= import(new URL(`${CEL}?${tries++}`, import.meta.url)).then((cel) => cel.engine({ age, days }), () => {
    engine = undefined;
    addEventListener("online", run, { once: true });
  }));
  const reads = (source, types) => Object.keys(types ?? {}).filter((id) => new RegExp(`\\b${id}\\b`).test(source));
  const context = (source, scope = { prefix: "", types: {} }) => {
    const outer = reads(source, rules.types).map((id) => [id, answerOf(form, id, rules.types[id])]);
    const own = reads(source, scope.types).map((id) => [id, answerOf(form, scope.prefix + id, scope.types[id])]);
    return Object.fromEntries([...outer, ...own]);
  };
  const run = async () => {
    const evaluate = await load();
    if (!evaluate) return askEverything(form);
    for (const field of conditional()) {
      const holds = evaluate(field.dataset.when, context(field.dataset.when, scopeOf(field, rules)));
      if (typeof holds !== "boolean") continue;
      field.hidden = !holds;
      delete field.dataset.off;
    }
    for (const one of rules.constraints ?? []) remind(form, one, evaluate(one.rule, context(one.rule)), Object.values(context(one.rule)));
    if (fee) showFee(fee, rules, evaluate, context(rules.fee ?? ""));
  };
  form.addEventListener("change", run);
  // The page comes with the conditions of its answers already applied; only a draft brought back needs the engine now.
  if (form.dataset.restored !== undefined) run();
}

// A rule across answers, told while the form is filled in; the server judges it again.
function remind(form, { at, message }, holds, answers) {
  const field = document.getElementById(at)?.closest(".field");
  let note = field?.querySelector(":scope > .field__reminder");
  const broken = holds === false && answers.every((answer) => answer !== "" && answer !== undefined && answer?.length !== 0);
  if (!field || (!broken && !note)) return;
  note ??= field.appendChild(Object.assign(document.createElement("p"), { className: "field__reminder dads-form-control-label__error-text" }));
  note.setAttribute("role", "status");
  note.textContent = broken ? `＊${message}` : "";
}

// The fee appears once something it depends on was answered; a fixed one is told on the page before.
function showFee(fee, rules, evaluate, answers) {
  const started = Object.values(answers).some((value) => value && value.length !== 0);
  const amount = rules.fee && started ? evaluate(rules.fee, answers) : undefined;
  fee.hidden = amount === undefined;
  if (amount !== undefined) fee.querySelector("output").textContent = `${Number(amount).toLocaleString()}${document.documentElement.lang === "en" ? " yen" : "円"}`;
}
