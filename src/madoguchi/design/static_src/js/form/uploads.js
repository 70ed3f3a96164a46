// Files go up one by one while the form is filled in, each with its progress; without scripts they go with the form.
const WORDS = {
  en: { left: "remove", failed: "could not be sent. Please try again.", done: "attached" },
  ja: { left: "取り消す", failed: "送れませんでした。もう一度付けてください。", done: "添付しました" },
  easy: { left: "取り消す", failed: "送ることが できませんでした。もう一度 つけてください。", done: "つけました" },
};
const words = () => WORDS[document.querySelector("#furigana") ? "easy" : document.documentElement.lang];

function send(file, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file);
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) progress.value = event.loaded / event.total; });
    request.addEventListener("loadend", () => {
      try { resolve(JSON.parse(request.responseText)); } catch { resolve({ error: words().failed }); }
    });
    request.open("POST", `${location.pathname.match(/^\/(en|ja-easy)\//)?.[0] ?? "/"}uploads/`);
    request.send(body);
  });
}

function line(list, name) {
  const item = document.createElement("li");
  item.className = "upload";
  item.translate = false;
  const label = document.createElement("span");
  label.textContent = name;
  item.append(label);
  list.append(item);
  return item;
}

function attached(item, name, id) {
  const hidden = Object.assign(document.createElement("input"), { type: "hidden", name, value: id });
  const remove = Object.assign(document.createElement("button"), { type: "button", className: "dads-button", textContent: words().left });
  remove.dataset.type = "text";
  remove.dataset.size = "sm";
  remove.setAttribute("aria-label", `${item.textContent} ${words().left}`);
  remove.addEventListener("click", () => { const form = item.closest("form"); item.remove(); form.dispatchEvent(new Event("change")); });
  item.append(hidden, remove);
}

async function take(input, list, file) {
  const item = line(list, file.name);
  const progress = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  progress.setAttribute("aria-label", file.name);
  item.append(progress);
  const answer = await send(file, progress);
  progress.remove();
  if (answer.id) attached(item, input.dataset.question, answer.id);
  else {
    const fault = Object.assign(document.createElement("span"), { className: "dads-form-control-label__error-text", textContent: answer.error ?? words().failed });
    fault.setAttribute("role", "alert");
    item.append(fault);
  }
}

export function uploadFiles(part) {
  for (const input of part.querySelectorAll("input[type=file]")) {
    const { form } = input;
    input.dataset.question = input.name;
    const list = document.createElement("ul");
    list.className = "uploads";
    list.dataset.uploads = input.name;
    list.setAttribute("aria-live", "polite");
    input.after(list);
    input.addEventListener("change", async () => {
      const files = [...input.files];
      input.value = "";
      for (const file of files) await take(input, list, file);
      form.dispatchEvent(new Event("change"));
    });
    list.addEventListener("draft-files", (event) => {
      const there = new Set([...form.querySelectorAll(`input[type=hidden][name="${CSS.escape(input.name)}"]`)].map((one) => one.value));
      for (const id of event.detail) if (id && !there.has(id)) attached(line(list, words().done), input.name, id);
    });
  }
}
