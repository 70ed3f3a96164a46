// Tells how far the form has come, once for each section: a count without a person. What was told stays on the device.
const DAYS = 30;

export function tellSections(form) {
  const key = `reached:${form.dataset.form}`;
  const ids = [...form.querySelectorAll("[data-section]")].map((section) => section.id.replace("section-", ""));
  let told;
  try { told = JSON.parse(localStorage.getItem(key)); } catch { /* storage refused: nothing is known, so it begins anew */ }
  if (!told || told.to !== form.dataset.reached || Date.now() - told.at > DAYS * 864e5) told = { to: form.dataset.reached, section: "" };
  const reach = (element) => {
    const section = element?.closest?.("[data-section]")?.id.replace("section-", "");
    if (!section || ids.indexOf(section) <= ids.indexOf(told.section)) return;
    navigator.sendBeacon(told.to, new URLSearchParams({ section, before: told.section }));
    told = { ...told, section, at: Date.now() };
    try { localStorage.setItem(key, JSON.stringify(told)); } catch { /* full or refused */ }
  };
  reach(document.activeElement);
  form.addEventListener("focusin", (event) => reach(event.target));
}
