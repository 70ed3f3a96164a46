// Prefecture and town from the postal code, as soon as it has seven digits; what was typed by hand stays.
export function fillTowns(form) {
  form.addEventListener("change", async (event) => {
    const field = event.target;
    if (!field.name?.endsWith(".postal_code")) return;
    const digits = field.value.normalize("NFKC").replace(/[^0-9]/g, "");
    if (digits.length !== 7) return;
    const base = field.name.slice(0, -"postal_code".length);
    const answer = await fetch(`/postal/${digits}/`).then((response) => (response.ok ? response.json() : null)).catch(() => null);
    for (const part of answer ? ["prefecture", "town"] : []) {
      const target = form.elements[`${base}${part}`];
      if (target && !target.value) target.value = answer[part];
    }
  });
}
