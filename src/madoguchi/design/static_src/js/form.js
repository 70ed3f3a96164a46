// Comfort for the form; everything works without it. Steps, the draft on this device, conditions (CEL), uploads with progress.
import "./base.js";
import { keepDraft } from "./form/draft.js";
import { followConditions } from "./form/conditions.js";
import { stepThrough } from "./form/steps.js";
import { uploadFiles } from "./form/uploads.js";
import { fillTowns } from "./form/towns.js";
import { addRows, makeRows } from "./form/rows.js";

const form = document.querySelector("form[data-form]");
if (form) {
  const rules = JSON.parse(document.getElementById("form-rules")?.textContent || "{}");
  const opened = Date.now();
  uploadFiles(form);
  addRows(form, uploadFiles);
  if (form.dataset.channel === "online") keepDraft(form, rules.version, (names) => makeRows(form, names, uploadFiles));
  stepThrough(form);
  fillTowns(form);
  followConditions(form, rules);
  form.addEventListener("submit", () => {
    if (form.elements.started) form.elements.started.value = Math.round((Date.now() - opened) / 1000);
  });
}
