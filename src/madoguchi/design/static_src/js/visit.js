// Tells the arrival by itself once the page is really seen: previews and prefetching see it, people look at it.
// The server shows the form on the day only; who takes the arrival back is not told of again by the same window.
import "./base.js";

const form = document.querySelector("form[data-arrive]");

async function seen() {
  if (document.prerendering) await new Promise((go) => document.addEventListener("prerenderingchange", go, { once: true }));
  while (document.visibilityState !== "visible") await new Promise((go) => document.addEventListener("visibilitychange", go, { once: true }));
}

if (form) {
  const told = `arrived:${form.dataset.arrive}`;
  let before = null;
  try { before = sessionStorage.getItem(told); } catch { /* storage refused: the button still works */ before = "1"; }
  if (!before) {
    await seen();
    sessionStorage.setItem(told, "1");
    form.submit();
  }
}
