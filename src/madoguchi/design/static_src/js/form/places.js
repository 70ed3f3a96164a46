// Addresses, the browser's back button and the lines of the error summary lead to sections too, and to their fields.
export function followPlaces(form, show) {
  const sections = [...form.querySelectorAll("[data-section]")];
  if (!sections.length) return;
  const follow = () => {
    const target = document.getElementById(location.hash.slice(1));
    const index = target ? sections.findIndex((section) => section.contains(target)) : -1;
    if (index < 0) return show(0, false);
    show(index);
    if (target !== sections[index]) (target.matches("input,select,textarea") ? target : target.querySelector("input,select,textarea") ?? target).focus();
  };
  addEventListener("popstate", follow);
  addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => { if (event.target.closest(".error-summary a[href^='#']")) setTimeout(follow); });
  if (location.hash) follow();
}
