// Comfort for the form; everything works without it. At first the steps and the draft; the rest comes with the first touch.
import "./common.js";
import { keepDraft } from "./form/draft.js";
import { stepThrough } from "./form/steps.js";

const PATIENCE = 8000; // milliseconds; who waits longer goes on
const form = document.querySelector("form[data-form]");
if (form) {
  const opened = Date.now();
  const before = Number(form.elements.started?.value ?? 0); // seconds, on pages of the same form that came earlier
  form.addEventListener("submit", () => {
    if (form.elements.started) form.elements.started.value = before + Math.round((Date.now() - opened) / 1000);
  });
  const draft = ["online", "correction"].includes(form.dataset.channel) ? keepDraft(form) : {};
  // A change made before the rest has come is looked at when it comes.
  form.addEventListener("change", () => { form.dataset.restored ??= ""; }, { once: true });
  let coming, filling, tries = 0;
  // Without a signal it fails and is tried again. Browsers until 2026 remember a module that failed as long as the page
  // lives (whatwg/html#6768), so each try asks by another name. FILLING is the file's name, from assets.py.
  const come = () => {
    coming ??= import(new URL(`${FILLING}?${tries++}`, import.meta.url)).then((rest) => {
      filling = rest;
      rest.fill(form, draft, show);
    }, () => {
      coming = undefined;
      addEventListener("online", come, { once: true });
    });
    return coming;
  };
  const show = stepThrough(form, async (section) => {
    await Promise.race([come(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    return filling?.judge(form, section);
  });
  for (const sign of ["focusin", "pointerdown", "change"]) form.addEventListener(sign, come);
  if (location.hash || document.querySelector(".error-summary") || draft.waiting || form.dataset.filled !== undefined || form.dataset.draft) come();
}
