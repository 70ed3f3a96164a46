// The draft stays on the device: it survives a reload, a closed tab and a lost signal, and leaves with the receipt.
const DAYS = 30;

const fields = (form) => [...form.elements].filter((field) => field.name && !["file", "submit", "button"].includes(field.type) && field.name !== "started");

function read(form) {
  const values = {};
  for (const field of fields(form)) {
    if (["radio", "checkbox"].includes(field.type)) {
      values[field.name] ??= [];
      if (field.checked) values[field.name].push(field.value);
    } else if (field.type === "hidden") {
      (values[field.name] ??= []).push(field.value);
    } else values[field.name] = [field.value];
  }
  return values;
}

function write(form, values) {
  for (const field of fields(form)) {
    const kept = values[field.name];
    if (!kept || field.type === "hidden") continue;
    if (["radio", "checkbox"].includes(field.type)) field.checked = kept.includes(field.value);
    else field.value = kept[0] ?? "";
  }
  for (const [name, kept] of Object.entries(values)) {
    const box = form.querySelector(`[data-uploads="${CSS.escape(name)}"]`);
    if (box) box.dispatchEvent(new CustomEvent("draft-files", { detail: kept }));
  }
}

export function keepDraft(form, makeRows) {
  const key = `draft:${form.dataset.form}`;
  let stored;
  try { stored = JSON.parse(localStorage.getItem(key)); } catch { stored = null; }
  const fresh = stored && Date.now() - stored.at < DAYS * 864e5;
  // The server's answer to a sent form already holds what was typed.
  if (fresh && form.dataset.filled === undefined) {
    makeRows(Object.keys(stored.values));
    write(form, stored.values);
    form.dataset.restored = "";
  }
  const save = () => {
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: read(form) })); } catch { /* full or refused: the form still works */ }
  };
  let waiting;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(save, 300); });
  form.addEventListener("change", save);
  addEventListener("pagehide", save);
  form.querySelector("[data-draft-clear]")?.addEventListener("click", () => {
    localStorage.removeItem(key);
    removeEventListener("pagehide", save);
    location.reload();
  });
}
