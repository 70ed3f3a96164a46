// What every page but the form has besides; nothing here is needed to use the page.
import "./common.js";
import { sendAlone } from "./form/send.js";

document.querySelectorAll("form[data-send]").forEach(sendAlone);

for (const mark of document.querySelectorAll("[data-clear-draft]")) {
  try {
    localStorage.removeItem(`draft:${mark.dataset.clearDraft}`);
    const told = JSON.parse(localStorage.getItem(`reached:${mark.dataset.clearDraft}`));
    if (told) navigator.sendBeacon(told.to, new URLSearchParams({ section: "*", before: told.section }));
    localStorage.removeItem(`reached:${mark.dataset.clearDraft}`);
  } catch { /* nothing was kept */ }
}
for (const form of document.querySelectorAll("form[data-from-paper]")) {
  // The code on a receipt holds reference and key behind the #, which browsers never send.
  const [, reference, key] = /^#([0-9A-Z-]{5,20})\.([0-9a-z]{10,60})$/.exec(location.hash) ?? [];
  if (key) {
    form.elements.reference.value = reference;
    form.elements.key.value = key;
    history.replaceState(null, "", location.pathname);
    form.querySelector("[type=submit]").focus();
  }
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
