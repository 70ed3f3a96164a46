// What every page shares; nothing here is needed to use the page.
for (const box of document.querySelectorAll("[data-remember]")) {
  const key = `remember:${box.dataset.remember}`;
  try {
    if (localStorage.getItem(key) !== null) box.checked = localStorage.getItem(key) === "1";
    box.addEventListener("change", () => localStorage.setItem(key, box.checked ? "1" : "0"));
  } catch { /* storage refused: the switch still works on this page */ }
}
for (const mark of document.querySelectorAll("[data-clear-draft]")) {
  try {
    localStorage.removeItem(`draft:${mark.dataset.clearDraft}`);
    const told = JSON.parse(localStorage.getItem(`reached:${mark.dataset.clearDraft}`));
    if (told) navigator.sendBeacon(told.to, new URLSearchParams({ section: "*", before: told.section }));
    localStorage.removeItem(`reached:${mark.dataset.clearDraft}`);
  } catch { /* nothing was kept */ }
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
for (const form of document.querySelectorAll("form[data-once]")) {
  // The server files once however often the button is pressed; this only spares the second request.
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
}
const english = document.documentElement.lang === "en";
for (const text of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "dads-button", textContent: english ? "Copy" : "コピーする" });
  button.dataset.type = "text";
  button.dataset.size = "sm";
  button.ariaLive = "polite";
  button.ariaLabel = `${button.textContent} ${text.textContent}`;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.textContent);
    button.ariaLabel = button.textContent = english ? "Copied" : "コピーしました";
  });
  text.after(" ", button);
}
document.querySelector(".error-summary")?.focus();
