// What helps while the form is filled in: the draft brought back, rows, uploads with progress, towns, conditions (CEL).
import { bringBack } from "./restore.js";
import { askEverything, followConditions } from "./conditions.js";
import { followPlaces } from "./places.js";
import { sendAlone } from "./send.js";
import { uploadFiles } from "./uploads.js";
import { fillTowns } from "./towns.js";
import { tellSections } from "./reached.js";
import { addRows, makeRows } from "./rows.js";

export { judge } from "./judge.js";

export function fill(form, draft, show) {
  followPlaces(form, show);
  uploadFiles(form);
  addRows(form, uploadFiles);
  form.addEventListener("fresh", (event) => uploadFiles(event.target)); // a field that came from the server with its fault
  if (draft.waiting) {
    makeRows(form, Object.keys(draft.waiting), uploadFiles);
    bringBack(form, draft);
  } else if (form.dataset.filled !== undefined) draft.save?.({ target: form }); // the server may have taken a row away
  if (form.dataset.reached) tellSections(form);
  fillTowns(form);
  if (form.querySelector("[data-waiting]")) sendAlone(form);
  return follow(form);
}

async function follow(form) {
  const rules = await fetch(form.dataset.rules).then((answer) => answer.json()).catch(() => undefined);
  if (rules && !form.querySelector("[data-waiting]")) {
    form.insertAdjacentHTML("beforeend", rules.waiting);
    sendAlone(form);
  }
  if (rules) return followConditions(form, rules);
  askEverything(form);
  addEventListener("online", () => follow(form), { once: true });
}
