// Comfort for the form; everything works without it. At first only the steps; the rest comes with the first touch.
import "./base.js";
import { stepThrough } from "./form/steps.js";

function hasDraft(form) {
  try { return localStorage.getItem(`draft:${form.dataset.form}`) !== null; } catch { return false; }
}

const form = document.querySelector("form[data-form]");
if (form) {
  const opened = Date.now();
  stepThrough(form);
  form.querySelectorAll("[data-draft-note]").forEach((note) => { note.hidden = form.dataset.channel !== "online"; });
  form.addEventListener("submit", () => {
    if (form.elements.started) form.elements.started.value = Math.round((Date.now() - opened) / 1000);
  });
  // A change made before the rest has come is looked at when it comes.
  form.addEventListener("change", () => { form.dataset.restored ??= ""; }, { once: true });
  let coming;
  const come = () => { coming ??= import("./form/filling.js").then(({ fill }) => fill(form)); };
  for (const sign of ["focusin", "pointerdown", "change"]) form.addEventListener(sign, come, { once: true });
  if (hasDraft(form) || form.dataset.filled !== undefined || form.dataset.channel === "correction") come();
}
