export default { file: (form, id) => form.getAll(id).filter((one) => typeof one === "string" && one) };
