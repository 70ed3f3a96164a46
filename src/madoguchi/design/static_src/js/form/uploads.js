// Files go up one by one while the form is filled in, each with its progress; without scripts they go with the form.
import { inReadersLanguage } from "./words.js";

const WORDS = {
  en: { left: "remove", back: "put back", failed: "could not be sent. Please try again.", done: "attached", away: "dismiss", large: (mb) => `is too large. Up to ${mb} MB, please.` },
  ja: { left: "取り消す", back: "元に戻す", failed: "送れませんでした。もう一度付けてください。", done: "添付しました", away: "閉じる", large: (mb) => `大きすぎます。${mb}MB以下にしてください。` },
  easy: { left: "取り消す", back: "もとに もどす", failed: "送ることが できませんでした。もう一度 つけてください。", done: "つけました", away: "とじる", large: (mb) => `大きすぎます。${mb}MBより 小さく してください。` },
};
const words = () => inReadersLanguage(WORDS);

// Files go to where the form's rules come from: the same language, and no word more on the page.
const place = (form) => form.dataset.rules.replace(/rules\/.*/, "uploads/");

function send(to, file, takes, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    for (const kind of takes) body.append("accept", kind);
    body.append("file", file);
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) progress.value = event.loaded / event.total; });
    request.addEventListener("loadend", () => {
      try { resolve(JSON.parse(request.responseText)); } catch { resolve({ error: words().failed }); }
    });
    request.open("POST", to);
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
  const hidden = (key, value) => Object.assign(document.createElement("input"), { type: "hidden", name: key, value });
  // The draft keeps the name beside the number, so that a reload shows which file it was.
  item.append(hidden(name, id), hidden(`${name}.names`, item.textContent), leaves(item));
}

function button(item, word) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "dads-button" });
  made.dataset.type = "text";
  made.dataset.size = "sm";
  called(made, item, word);
  return made;
}

function called(made, item, word) {
  made.textContent = word;
  made.setAttribute("aria-label", `${item.firstChild.textContent} ${word}`);
}

// One press leaves the file out, another puts it back: nothing is wiped by one touch.
function leaves(item) {
  const made = button(item, words().left);
  made.addEventListener("click", () => {
    const isOut = item.toggleAttribute("data-left-out");
    item.querySelectorAll("input").forEach((one) => { one.disabled = isOut; });
    called(made, item, isOut ? words().back : words().left);
    item.closest("form").dispatchEvent(new Event("change"));
  });
  return made;
}

// A button that takes the row of a refused file away; the focus goes to where another file is chosen.
function goes(item, word) {
  const made = button(item, word);
  made.addEventListener("click", () => {
    item.closest(".dads-file-upload").querySelector("input[type=file]").focus();
    item.remove();
  });
  return made;
}

function refused(item, text) {
  const fault = Object.assign(document.createElement("span"), { className: "dads-form-control-label__error-text", textContent: text });
  fault.setAttribute("role", "alert");
  item.append(fault, goes(item, words().away));
}

async function take(input, list, file) {
  const item = line(list, file.name);
  if (file.size > input.dataset.mb * 1024 * 1024) return refused(item, words().large(input.dataset.mb));
  const progress = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  progress.setAttribute("aria-label", file.name);
  item.append(progress);
  const answer = await send(place(input.form), file, input.dataset.takes.split(" "), progress);
  progress.remove();
  if (!answer.id) return refused(item, answer.error ?? words().failed);
  item.firstChild.textContent = answer.name;
  attached(item, input.dataset.question, answer.id);
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
      event.detail.ids.forEach((id, at) => { if (id && !there.has(id)) attached(line(list, event.detail.names[at] || words().done), input.dataset.question, id); });
    });
  }
}
