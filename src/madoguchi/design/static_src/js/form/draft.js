// The draft stays on the device: it survives a reload, a closed tab and a lost signal, and leaves with the receipt.
// It is kept from the first key on, so this is in the first script; bringing it back (restore.js) comes with the rest.
const DAYS = 30;

export function keepDraft(form) {
  const key = `draft:${form.dataset.draft ?? form.dataset.form}`;
  // `waiting` is what an earlier visit kept and the page does not show yet: until it does, only what was touched is newer.
  const draft = { touched: new Set(), save };
  try {
    const { at, values } = JSON.parse(localStorage.getItem(key));
    // The server's answer to a sent form already holds what was typed.
    if (Date.now() - at < DAYS * 864e5 && form.dataset.filled === undefined) draft.waiting = values;
  } catch { /* nothing was kept */ }

  // With every key, since nobody knows which is the last: 25 ms on a phone six times slower, in the largest form.
  function save({ target }) {
    if (form.dataset.sent) return;
    if (!target.files) draft.touched.add(target.name); // of a file is kept what it is called once it was sent up
    const typed = new FormData(form);
    const values = { ...draft.waiting };
    for (const { name } of form.elements) if (!draft.waiting || draft.touched.has(name)) values[name] = typed.getAll(name);
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), values })); } catch { /* full or refused: the form still works */ }
    addEventListener("pagehide", save); // for what came without a key: a town, a row
  }
  form.addEventListener("input", save);
  form.addEventListener("change", save);

  form.querySelector(".form__draft").dataset.kept = "";
  form.querySelector("[data-draft-clear]").addEventListener("click", () => {
    localStorage.removeItem(key);
    removeEventListener("pagehide", save);
    location.replace(location.pathname.replace(/[a-z2-7]{40}\/$/, "")); // the empty form, also from a page with answers
  });
  return draft;
}
