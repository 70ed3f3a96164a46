// What helps while the form is filled in: the draft brought back, rows, uploads with progress, towns, conditions (CEL).
import { bringBack } from "./restore.js";
import { askEverything, followConditions } from "./conditions.js";
import { uploadFiles } from "./uploads.js";
import { fillTowns } from "./towns.js";
import { tellSections } from "./reached.js";
import { addRows, makeRows } from "./rows.js";

export function fill(form, draft) {
  uploadFiles(form);
  addRows(form, uploadFiles);
  if (draft.waiting) {
    makeRows(form, Object.keys(draft.waiting), uploadFiles);
    bringBack(form, draft);
  } else if (form.dataset.filled !== undefined) draft.save?.({ target: form }); // the server may have taken a row away
  if (form.dataset.reached) tellSections(form);
  fillTowns(form);
  return follow(form);
}

async function follow(form) {
  const rules = await fetch(form.dataset.rules).then((answer) => answer.json()).catch(() => undefined);
  if (rules) return followConditions(form, rules);
  askEverything(form);
  addEventListener("online", () => follow(form), { once: true });
}
