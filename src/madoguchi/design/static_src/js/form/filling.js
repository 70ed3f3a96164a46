// What helps while the form is filled in: the draft on this device, rows, uploads with progress, towns, conditions (CEL).
import { keepDraft } from "./draft.js";
import { followConditions } from "./conditions.js";
import { uploadFiles } from "./uploads.js";
import { fillTowns } from "./towns.js";
import { tellSections } from "./reached.js";
import { addRows, makeRows } from "./rows.js";

export async function fill(form) {
  uploadFiles(form);
  addRows(form, uploadFiles);
  if (form.dataset.channel === "online") keepDraft(form, (names) => makeRows(form, names, uploadFiles));
  if (form.dataset.reached) tellSections(form);
  fillTowns(form);
  const rules = await fetch(form.dataset.rules).then((answer) => answer.json()).catch(() => undefined);
  if (rules) followConditions(form, rules);
  else form.querySelectorAll("[data-off]").forEach((field) => { delete field.dataset.off; }); // no signal: ask everything
}
