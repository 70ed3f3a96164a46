function group(form, id) {
  const found = [];
  for (const [name, value] of form) {
    const [head, index, key] = name.split(".");
    if (head === id && /^\d+$/.test(index) && value) (found[index] ??= {})[key] = /^\d+$/.test(value) ? Number(value) : value.toString();
  }
  return found.filter(Boolean);
}

export default { group };
