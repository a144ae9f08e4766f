// The shared screen: arrow keys turn the page, a clock counts a part of the agenda down, the page fills the screen.
document.addEventListener("DOMContentLoaded", () => {
  if (!document.body.hasAttribute("data-screen")) return;
  const keys = { ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "prev", PageUp: "prev" };
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !keys[event.key]) return;
    if (event.target.closest("select, button, input") || (event.key === " " && event.target.closest("a"))) return;
    const link = document.querySelector(`a[rel=${keys[event.key]}]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });

  const full = document.querySelector("[data-fullscreen]");
  if (full && document.documentElement.requestFullscreen) {
    full.hidden = false;
    full.addEventListener("click", () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen();
    });
  }

  const box = document.querySelector("[data-timer]");
  if (!box) return;
  const [minutes, left, start, reset, said] = ["minutes", "left", "start", "reset", "timer-said"].map((name) =>
    box.querySelector(`[data-${name}]`),
  );
  const words = box.dataset;
  let rest = 0;
  let end = null;
  let ticking;
  const show = () => {
    const seconds = Math.max(0, Math.ceil((end ? end - Date.now() : rest) / 1000));
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    start.textContent = end ? words.pauseWord : words.startWord;
    if (end && seconds === 0) {
      stop(0);
      box.classList.add("is-over");
      said.textContent = words.overWord;
      left.textContent = words.overWord;
    }
  };
  const stop = (remaining) => {
    clearInterval(ticking);
    rest = remaining;
    end = null;
    start.textContent = words.startWord;
  };
  const fresh = () => {
    stop(Number(minutes.value) * 60000);
    box.classList.remove("is-over");
    said.textContent = "";
    show();
  };
  start.addEventListener("click", () => {
    if (end) {
      stop(end - Date.now());
      return show();
    }
    if (rest <= 0) fresh();
    end = Date.now() + rest;
    ticking = setInterval(show, 250);
    show();
  });
  reset.addEventListener("click", fresh);
  minutes.addEventListener("change", fresh);
  box.hidden = false;
  fresh();
});
