// Comfort for the form; everything works without it. At first the steps and the draft; the rest comes with the first touch.
import "./common.js";
import { keepDraft } from "./form/draft.js";
import { stepThrough } from "./form/steps.js";

const form = document.querySelector("form[data-form]");
if (form) {
  const opened = Date.now();
  stepThrough(form);
  const draft = form.dataset.channel === "online" ? keepDraft(form) : {};
  form.addEventListener("submit", () => {
    if (form.elements.started) form.elements.started.value = Math.round((Date.now() - opened) / 1000);
  });
  // A change made before the rest has come is looked at when it comes.
  form.addEventListener("change", () => { form.dataset.restored ??= ""; }, { once: true });
  let coming, tries = 0;
  // Without a signal it fails and is tried again. Browsers until 2026 remember a module that failed as long as the page
  // lives (whatwg/html#6768), so each try asks by another name. FILLING is the file's name, from assets.py.
  const come = () => {
    coming ??= import(new URL(`${FILLING}?${tries++}`, import.meta.url)).then(({ fill }) => fill(form, draft), () => {
      coming = undefined;
      addEventListener("online", come, { once: true });
    });
  };
  for (const sign of ["focusin", "pointerdown", "change"]) form.addEventListener(sign, come);
  if (draft.waiting || form.dataset.filled !== undefined || form.dataset.channel === "correction") come();
}
