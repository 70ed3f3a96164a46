// One section at a time, where scripts run. Links and the browser's back button lead to sections too.
export function stepThrough(form) {
  const sections = [...form.querySelectorAll("[data-section]")];
  if (sections.length < 2) return;
  const links = [...form.querySelectorAll(".stepper__link")];
  const ending = [form.querySelector("[data-submit]"), form.querySelector("[data-fee]")].filter(Boolean);
  const show = (index, move = true) => {
    sections.forEach((section, n) => { section.hidden = n !== index; });
    links.forEach((link, n) => {
      if (n === index) link.setAttribute("aria-current", "step"); else link.removeAttribute("aria-current");
    });
    ending[0].hidden = index !== sections.length - 1;
    if (move) {
      sections[index].focus();
      form.querySelector(".stepper").scrollIntoView({ block: "start" });
    }
  };
  const of = (id) => {
    const target = id && document.getElementById(id);
    return target ? sections.findIndex((section) => section.contains(target)) : -1;
  };
  form.querySelectorAll("[data-moves]").forEach((moves) => { moves.hidden = false; });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const here = sections.findIndex((section) => !section.hidden);
    const next = here + (button.dataset.move === "next" ? 1 : -1);
    history.pushState(null, "", `#${sections[next].id}`);
    show(next);
  });
  const follow = () => {
    const index = of(location.hash.slice(1));
    if (index < 0) return show(0, false);
    show(index);
    const target = document.getElementById(location.hash.slice(1));
    if (target && target !== sections[index]) (target.matches("input,select,textarea") ? target : target.querySelector("input,select,textarea") ?? target).focus();
  };
  addEventListener("popstate", follow);
  addEventListener("hashchange", follow);
  document.querySelectorAll(".error-summary a[href^='#']").forEach((link) => link.addEventListener("click", () => setTimeout(follow)));
  const faulty = document.querySelector(".error-summary") && sections.findIndex((section) => section.querySelector("[aria-invalid='true']"));
  const opened = of(form.dataset.open); // the row that a button without scripts added
  if (opened >= 0) show(opened);
  else if (location.hash) follow(); else show(faulty > 0 ? faulty : 0, false);
}
