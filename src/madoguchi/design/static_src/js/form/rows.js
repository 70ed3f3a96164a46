// One more row of a repeating group, without a trip to the server; taking one away goes there, where rows are renumbered.
export function addRows(form, prepare) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="do"][value^="add:"]');
    if (!button) return;
    const group = button.value.slice(4);
    if (!addRow(form, group, prepare)) return;
    event.preventDefault();
    const rows = rowsOf(form, group);
    rows[rows.length - 1].querySelector("input:not([type=hidden]),select,textarea")?.focus();
    form.dispatchEvent(new Event("change"));
  });
}

const rowsOf = (form, group) => [...form.querySelectorAll(`[data-row="${CSS.escape(group)}"]`)];

function addRow(form, group, prepare) {
  const rows = rowsOf(form, group);
  const last = rows[rows.length - 1];
  if (!last) return false;
  const [from, to] = [rows.length - 1, rows.length];
  const row = last.cloneNode(true);
  for (const node of row.querySelectorAll("*")) {
    for (const name of ["id", "for", "name", "value", "aria-describedby"]) {
      const text = node.getAttribute(name);
      if (text) node.setAttribute(name, text.replaceAll(`${group}.${from}.`, `${group}.${to}.`).replaceAll(`${group}-${from}-`, `${group}-${to}-`));
    }
  }
  clear(row);
  row.querySelector("[data-row-number]").textContent = to + 1;
  row.querySelectorAll(".row__remove").forEach((one) => one.remove());
  last.after(row);
  prepare(row);
  return true;
}

function clear(row) {
  row.querySelectorAll(".uploads, .dads-form-control-label__error-text, input[type=hidden]").forEach((one) => one.remove());
  for (const field of row.querySelectorAll("input, select, textarea")) {
    field.removeAttribute("aria-invalid");
    if (["radio", "checkbox"].includes(field.type)) field.checked = false;
    else if (field.tagName === "SELECT") field.selectedIndex = 0;
    else field.value = "";
  }
}

// A draft may hold more rows than the fresh form shows.
export function makeRows(form, names, prepare) {
  for (const name of names) {
    const [group, index] = name.split(".");
    if (!/^\d+$/.test(index ?? "")) continue;
    while (rowsOf(form, group).length && rowsOf(form, group).length <= Number(index)) addRow(form, group, prepare);
  }
}
