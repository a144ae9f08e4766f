// Moves focus to what has just been said: a list of errors, or the feedback after an answer.
// Nothing of ours stays in the browser: htmx notes the address of the page there, which we have no use for.
sessionStorage.removeItem("htmx-current-path-for-history");
(() => {
  const say = (root) => {
    const target = root.querySelector("[data-focus]");
    if (target) target.focus();
    return target;
  };
  // A check that is answered goes off the list of what is missing, and the list goes with the last of them.
  const strike = (check) => {
    const box = document.getElementById("mangler-boks");
    if (!box || !check.querySelector("[data-answered]")) return;
    const link = box.querySelector(`a[href="#${check.id}"]`);
    if (link) link.closest("li").remove();
    if (!box.querySelector("li")) box.remove();
  };
  document.addEventListener("DOMContentLoaded", () => say(document));
  document.addEventListener("htmx:afterSettle", (event) => {
    const swapped = document.getElementById(event.detail.elt.id) || event.detail.elt;
    strike(swapped);
    say(swapped);
  });
  // When the answer does not come through, send the form the plain way: the page then says what is wrong.
  for (const failure of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(failure, (event) => {
      const form = event.target.closest("form");
      if (form && navigator.onLine) form.submit();
    });
  }
})();
