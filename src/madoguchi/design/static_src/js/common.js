// What every page has, the form's too; nothing here is needed to use the page.
for (const box of document.querySelectorAll("[data-remember]")) {
  const key = `remember:${box.dataset.remember}`;
  try {
    if (localStorage.getItem(key) !== null) box.checked = localStorage.getItem(key) === "1";
    box.addEventListener("change", () => localStorage.setItem(key, box.checked ? "1" : "0"));
  } catch { /* storage refused: the switch still works on this page */ }
}
document.querySelector(".error-summary")?.focus();
