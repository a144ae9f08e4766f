// A link in a mail is an answer. Its button is pressed when somebody looks at the page; programs that only open
// links, as mail servers do, press nothing.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-press]");
  if (!form) return;
  const press = () => {
    if (document.visibilityState !== "visible") return;
    document.removeEventListener("visibilitychange", press);
    form.requestSubmit();
  };
  document.addEventListener("visibilitychange", press);
  press();
});
