// Sends a form and follows to the page that answers it. Without a signal the form says that it waits, and sends when there
// is one again: once, since the server files one idempotency key once.
const RETRY = 15_000; // milliseconds; "online" tells of a network, not that anybody answers

export function sendAlone(form) {
  const note = form.querySelector("[data-waiting]");
  let sending = false;
  form.addEventListener("submit", async (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    while (sending) {
      if (await send(form, event.submitter)) return;
      note.hidden = false;
      await signal();
    }
  });
  form.querySelector("[data-waiting-stop]").addEventListener("click", () => {
    sending = false;
    note.hidden = true;
  });
  // A page that the browser kept whole would offer to send again; the server knows better.
  addEventListener("pageshow", (event) => { if (event.persisted && sending) location.reload(); });
}

const signal = () => new Promise((resolve) => {
  addEventListener("online", resolve, { once: true });
  setTimeout(resolve, RETRY);
});

async function send(form, button) {
  const body = new FormData(form);
  if (button?.name) body.append(button.name, button.value);
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body }).catch(() => undefined);
  if (!answer || answer.status === 503) return false;
  if (answer.redirected) {
    // Answered; what is wrong is told below this address, and an application's draft goes with its receipt.
    if (form.dataset.draft && !new URL(answer.url).pathname.startsWith(form.getAttribute("action"))) {
      form.dataset.sent = "1";
      try { localStorage.removeItem(`draft:${form.dataset.draft}`); } catch { /* nothing was kept */ }
    }
    location.assign(answer.url);
  }
  else plainly(form, button); // a page without an address of its own
  return true;
}

function plainly(form, button) {
  if (button?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
  HTMLFormElement.prototype.submit.call(form);
}
