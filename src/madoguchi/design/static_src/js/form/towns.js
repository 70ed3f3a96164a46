// Prefecture and town from the postal code, as soon as it has seven digits: what all its places share. Where it has
// several, a list offers them. What was typed by hand stays; only what was filled in from here is replaced.
const filled = new WeakMap();

export function fillTowns(form) {
  form.addEventListener("change", async ({ target }) => {
    const [, base, part] = target.name?.match(/^(.*\.)(postal_code|place)$/) ?? [];
    if (part === "place" && target.value) {
      const [prefecture, town] = target.value.split("|");
      fill(form, base, { prefecture, town });
    }
    if (part !== "postal_code") return;
    const answer = await placesOf(target.value);
    offer(form.elements[`${base}place`], answer.choices ?? []);
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
    target.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function offer(list, choices) {
  const box = list?.closest("[data-places]");
  if (!box) return;
  list.replaceChildren(list.options[0], ...choices.map(({ prefecture, town }) => new Option(`${prefecture}${town}`, `${prefecture}|${town}`)));
  box.querySelector("[role=status]").textContent = choices.length ? box.dataset.told : "";
  list.parentElement.hidden = !choices.length;
}
