// Small things that only make sense with a script: printing, and the name as it will be printed.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const copy of document.querySelectorAll("[data-mirror]")) {
    const field = document.getElementById(copy.dataset.mirror);
    field.addEventListener("input", () => (copy.textContent = field.value));
  }
});
// Pictures further down have not been fetched yet when one prints from the top.
window.addEventListener("beforeprint", () => {
  for (const picture of document.querySelectorAll("img[loading=lazy]")) picture.loading = "eager";
});
