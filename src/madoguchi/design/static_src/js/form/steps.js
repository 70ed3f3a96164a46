// One section at a time; the page comes with the open one already chosen. A section is judged when one leaves it; without
// a signal one goes on, and it is judged later. Returns what shows a section; places.js has the ways that are not buttons.
export function stepThrough(form, judge) {
  const sections = [...form.querySelectorAll("[data-section]")];
  const id = (section) => section.id.slice("section-".length);
  const show = (index, move = true) => {
    const name = id(sections[index]);
    sections.forEach((section, n) => { section.hidden = n !== index; });
    form.querySelectorAll(".stepper button").forEach((one) => { one.ariaCurrent = one.value === `go:${name}` ? "step" : null; });
    form.elements["form:at"].value = name;
    // Enter presses the first button of a form: it goes on, and on the last section it means the whole form.
    form.querySelector("[data-enter]").value = sections[index + 1] ? `next:${name}` : "";
    if (!move) return;
    sections[index].focus();
    form.querySelector(".stepper").scrollIntoView({ block: "start" });
  };
  const go = (index) => {
    history.pushState(null, "", `#${sections[index].id}`);
    show(index);
  };
  let leaving = false;
  form.addEventListener("submit", async (event) => {
    const [verb, name] = (event.submitter?.value ?? "").split(":");
    if (verb !== "next" && verb !== "go") return;
    event.preventDefault();
    if (leaving) return;
    leaving = true;
    const left = sections.findIndex((section) => !section.hidden);
    const judged = judge(sections[left]);
    if (verb === "go") go(sections.findIndex((section) => id(section) === name));
    else if ((await judged) !== "missing" && !sections[left].hidden) go(left + 1);
    leaving = false;
  });
  return show;
}
