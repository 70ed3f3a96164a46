// What was typed into a field of a form, as the server reads it; for the question types' `browser.js`.
export const text = (form, name) => (form.get(name) ?? "").toString().trim();

// Half-width, without the invisible marks that come along when something is pasted.
export const code = (text) => text.replace(/\p{Default_Ignorable_Code_Point}/gu, "").replace(/[\uff01-\uff5e]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0))
  .replace(/[\u2010-\u2015\u2212\u30fc]/g, "-").replace("￥", "¥").trim();

// An answer of parts: what was typed of each, blank where nothing was.
export function nested(form, id, parts) {
  const found = Object.fromEntries(parts.map((part) => [part, ""]));
  for (const [name, value] of form) if (name.startsWith(`${id}.`)) found[name.slice(id.length + 1)] = value.toString();
  return found;
}
