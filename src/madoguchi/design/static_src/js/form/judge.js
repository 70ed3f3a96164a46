// The server's word on a section: "missing" with the faults shown beside their fields, "done", or nothing when it cannot be
// asked. The list of steps comes with it.
const PATIENCE = 8000; // milliseconds; who waits longer goes on, and the section is judged with the whole form
const FAULT = ".dads-form-control-label__error-text";

export async function judge(form, section) {
  const typed = textOf(section);
  const page = await ask(form, `next:${section.id.replace("section-", "")}`);
  if (!page || textOf(section) !== typed) return undefined; // changed meanwhile: judged again when it is left again
  show(form, section, page);
  form.dispatchEvent(new Event("change")); // the draft keeps which sections were judged
  return page.querySelector("[data-section]") ? "missing" : "done";
}

// The list of steps of a draft that was brought back.
export const judgeAgain = (form) => ask(form, "");

async function ask(form, button) {
  const body = new FormData(form);
  body.set("do", button);
  const how = { method: "POST", body, headers: { "X-Part": "section" }, signal: AbortSignal.timeout(PATIENCE) };
  const answer = await fetch(form.getAttribute("action"), how).catch(() => undefined);
  if (answer?.status !== 200 && answer?.status !== 422) return undefined;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [steps, here] = [page.querySelector(".stepper"), form.querySelector(".stepper [aria-current]")?.value];
  for (const button of steps.querySelectorAll("button")) {
    if (button.value === here) button.setAttribute("aria-current", "step"); else button.removeAttribute("aria-current");
  }
  form.querySelector(".stepper").replaceWith(steps);
  return page;
}

const textOf = (section) => JSON.stringify([...section.querySelectorAll("input,select,textarea")].map((one) => [one.name, one.value, one.checked]));

function show(form, section, page) {
  const summary = page.querySelector(".error-summary");
  document.querySelector(".error-summary")?.remove();
  const fresh = page.querySelector("[data-section]");
  const others = fresh?.querySelectorAll(":scope > .field");
  for (const [at, field] of section.querySelectorAll(":scope > .field").entries()) {
    const other = others?.[at];
    if (other && (other.querySelector(FAULT) || field.querySelector(FAULT))) change(field, other);
    else if (!fresh) calm(field);
  }
  if (!summary || section.hidden) return;
  form.before(summary);
  summary.focus();
}

// The server's field in the place of ours, with what was typed into ours.
function change(field, other) {
  for (const ours of field.querySelectorAll("input:not([type=hidden],[type=file]),select,textarea")) {
    const same = [...other.querySelectorAll(`[name="${CSS.escape(ours.name)}"]`)].find((one) => !["radio", "checkbox"].includes(ours.type) || one.value === ours.value);
    if (same && ["radio", "checkbox"].includes(ours.type)) same.checked = ours.checked;
    else if (same) same.value = ours.value;
  }
  other.hidden = field.hidden;
  delete other.dataset.off;
  field.replaceWith(other);
  other.dispatchEvent(new CustomEvent("fresh", { bubbles: true }));
}

function calm(field) {
  field.querySelectorAll(FAULT).forEach((one) => one.remove());
  field.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
  for (const one of [field, ...field.querySelectorAll(".field--error")]) one.classList.remove("field--error");
}
