// A passkey that did not work: says so beside the button, instead of in the console where nobody looks.
document.addEventListener("allauth.error", (event) => {
  const message = document.getElementById("passkey-error");
  const button = document.querySelector("[data-passkey]");
  if (!message || !button) return;
  event.preventDefault();
  button.after(message);
  message.textContent = message.dataset.words;
});
