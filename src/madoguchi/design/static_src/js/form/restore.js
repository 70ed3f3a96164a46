// Brings back the draft that an earlier visit kept. What was touched since the page opened is newer and stays.
import { judgeAgain } from "./judge.js";

const NOT_TYPED = ["file", "hidden", "submit", "button"];

export function bringBack(form, draft) {
  const { waiting, touched } = draft;
  for (const field of form.elements) {
    const kept = waiting[field.name];
    if (!field.name || !kept || NOT_TYPED.includes(field.type) || touched.has(field.name)) continue;
    if (["radio", "checkbox"].includes(field.type)) field.checked = kept.includes(field.value);
    else field.value = kept[0] ?? "";
  }
  for (const box of form.querySelectorAll("[data-uploads]")) {
    // The number of a file that was sent up is a text; one that was only chosen is gone with its page.
    const sent = waiting[box.dataset.uploads]?.filter((one) => typeof one === "string");
    if (sent) box.dispatchEvent(new CustomEvent("draft-files", { detail: { ids: sent, names: waiting[`${box.dataset.uploads}.names`] ?? [] } }));
  }
  const [judged] = waiting["form:judged"] ?? [];
  if (judged) {
    form.elements["form:judged"].value = judged;
    judgeAgain(form);
  }
  draft.waiting = undefined;
  form.dataset.restored = "";
}
