// Prefecture and town from the postal code, as soon as it has seven digits: what all its places share. Where it has
// several, a list offers them. What was typed by hand stays; only what was filled in from here is replaced.
import { inReadersLanguage } from "./words.js";

const WORDS = {
  en: ["Places with this postal code", "Several places share this postal code. Choose one, or fill in the fields below.", "Choose one"],
  ja: ["郵便番号にあてはまる場所", "この郵便番号には場所がいくつかあります。選ぶか、下の欄に入力してください。", "選んでください"],
  easy: ["この 郵便番号の 場所", "この 郵便番号の 場所は いくつか あります。ここから 選ぶか、下に 書いてください。", "選んで ください"],
};
const filled = new WeakMap();

export function fillTowns(form) {
  form.addEventListener("change", async ({ target }) => {
    const [, base, part] = target.name?.match(/^(.*\.)(postal_code|place)$/) ?? [];
    if (part === "place" && target.value) {
      const [prefecture, town] = target.value.split("|");
      fill(form, base, { prefecture, town });
    }
    if (part !== "postal_code") return;
    const list = form.elements[`${base}place`] ?? listAfter(target);
    const answer = await placesOf(target.value);
    offer(list, answer.choices ?? []);
    fill(form, base, answer);
  });
}

async function placesOf(typed) {
  const digits = typed.normalize("NFKC").replace(/[^0-9]/g, "");
  if (digits.length !== 7) return {};
  return fetch(`/postal/${digits}/`).then((response) => (response.ok ? response.json() : {})).catch(() => ({}));
}

function fill(form, base, answer) {
  for (const part of ["prefecture", "town"]) {
    const target = form.elements[`${base}${part}`];
    if (!target || (target.value && target.value !== filled.get(target))) continue;
    target.value = answer[part] ?? "";
    filled.set(target, target.value);
    if (target === document.activeElement) target.select?.(); // who is about to type there replaces it
    target.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

// The list comes with the first code that is typed: read out is only what changes in a place that is there already.
function listAfter(code) {
  const [label, told, first] = inReadersLanguage(WORDS);
  const [id, name] = [code.id, code.name].map((one) => one.replace(/postal_code$/, "place"));
  code.closest(".field").insertAdjacentHTML("afterend", `<div class="field field--sub" data-places>
    <p class="dads-form-control-label__support-text" id="${id}-help" role="status"></p>
    <div class="field field--sub" hidden><div class="dads-form-control-label"><label for="${id}">${label}</label></div>
    <select class="dads-select__select" id="${id}" name="${name}" aria-describedby="${id}-help" autocomplete="off"><option value="">${first}</option></select></div></div>`);
  const list = document.getElementById(id);
  list.closest("[data-places]").dataset.told = told;
  return list;
}

function offer(list, choices) {
  const box = list.closest("[data-places]");
  list.replaceChildren(list.options[0], ...choices.map(({ prefecture, town }) => new Option(`${prefecture}${town}`, `${prefecture}|${town}`)));
  box.querySelector("[role=status]").textContent = choices.length ? box.dataset.told : "";
  list.parentElement.hidden = !choices.length;
}
