// Saves what is written on a sheet: 2 s after the last key, every 6 s while one writes on, on leaving the field, and
// when the page is hidden.
// The words live in the page and on the server, never in the browser's storage.
(() => {
  const PAUSE = 2000;
  const LONGEST = 6000;
  const AGAIN = 10000;
  const sheets = new Set();

  class Sheet {
    constructor(form) {
      this.form = form;
      this.text = form.elements.text;
      this.version = form.elements.version;
      this.status = form.querySelector("[data-saved]");
      this.other = form.querySelector("[data-other]");
      this.saved = this.text.value;
      this.spokenAt = 0;
      this.text.addEventListener("input", () => this.soon(PAUSE));
      this.text.addEventListener("blur", () => this.save());
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.spokenAt = 0;
        this.asked = true;
        this.onward = event.submitter?.dataset.on;
        this.save(true);
      });
      this.find();
    }

    // An address that ends in #tegn-12-20 leads to those letters.
    find() {
      const place = location.hash.match(/^#tegn-(\d+)-(\d+)$/);
      if (!place || !this.form.hasAttribute("data-finds")) return;
      this.text.focus();
      this.text.setSelectionRange(Number(place[1]), Number(place[2]));
    }

    get dirty() {
      return this.text.value !== this.saved;
    }

    // Each key puts the save off a little, but not for ever.
    soon(delay) {
      clearTimeout(this.timer);
      this.since ??= Date.now();
      const left = Math.max(0, this.since + LONGEST - Date.now());
      this.timer = setTimeout(() => this.save(), delay > PAUSE ? delay : Math.min(delay, left));
    }

    async save(anyway = false, keepalive = false) {
      clearTimeout(this.timer);
      this.since = undefined;
      if (this.stopped && !anyway) return;
      if (this.busy && anyway) this.again = true;
      if (this.busy || !(this.dirty || anyway)) return;
      this.busy = true;
      const text = this.text.value;
      try {
        const answer = await fetch(this.form.action, {
          method: "POST",
          body: new FormData(this.form),
          headers: { Accept: "application/json" },
          credentials: "same-origin",
          keepalive,
        });
        await this.heard(answer, text);
      } catch {
        this.lost();
      }
      this.busy = false;
      if (this.leaving) return;
      if (this.again) return this.save(true, (this.again = false));
      if (this.dirty && !this.stopped && !this.waiting) this.soon(PAUSE);
    }

    async heard(answer, text) {
      const said = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
      this.waiting = false;
      if (answer.ok && "version" in said) {
        this.saved = text;
        this.stopped = this.renewed = false;
        this.version.value = said.version;
        this.other.hidden = true;
        this.speak(this.form.dataset.savedWord.replace("%s", said.saved));
        if (this.onward && !this.dirty) this.leave();
      } else if (answer.status === 409) {
        this.version.value = said.version;
        this.showOther(said.other_text, said.reason);
      } else if (answer.status === 401) {
        this.stopped = true;
        this.signIn(said.login);
      } else if (said.error) {
        this.warn(said.error);
        this.saved = text;
      } else if (answer.status === 403 && !this.renewed) {
        await this.renewToken();
      } else {
        this.lost();
      }
    }

    leave() {
      this.leaving = true;
      location.assign(this.onward);
    }

    // Signing in again in another tab changes the token that guards forms: fetch the new one and go on.
    async renewToken() {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      const token = page.querySelector("[name=csrfmiddlewaretoken]");
      this.renewed = true;
      if (!token) return this.lost();
      for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = token.value;
      this.soon(0);
    }

    // At most once every ten seconds: a screen reader must not be talked over while one writes.
    speak(words) {
      const now = Date.now();
      const unsaved = this.status.classList.contains("is-unsaved");
      if (!unsaved && !this.asked && now - this.spokenAt < AGAIN) {
        clearTimeout(this.later);
        this.later = setTimeout(() => this.speak(words), AGAIN - (now - this.spokenAt));
        return;
      }
      this.asked = false;
      this.spokenAt = now;
      this.status.classList.remove("is-unsaved");
      this.status.textContent = words;
    }

    warn(words) {
      clearTimeout(this.later);
      this.status.classList.add("is-unsaved");
      if (this.status.textContent !== words) this.status.textContent = words;
    }

    lost() {
      this.waiting = true;
      this.warn(this.form.dataset.lostWord);
      this.soon(AGAIN);
    }

    showOther(text, reason) {
      this.stopped = true;
      this.onward = undefined;
      this.other.hidden = false;
      this.other.querySelector("[data-other-text]").textContent = text;
      if (reason) this.other.querySelector("[data-reason]").textContent = reason;
      this.warn(reason || this.form.dataset.otherWord);
    }

    signIn(address) {
      this.warn(this.form.dataset.outWord + " ");
      const link = document.createElement("a");
      link.href = address;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = this.form.dataset.loginWord;
      this.status.append(link);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const form of document.querySelectorAll("form[data-autosave]")) sheets.add(new Sheet(form));
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const sheet of sheets) sheet.save(false, true);
    else for (const sheet of sheets) if (sheet.stopped && sheet.dirty && sheet.other.hidden) sheet.save(true);
  });
  window.addEventListener("online", () => {
    for (const sheet of sheets) if (sheet.dirty && !sheet.stopped) sheet.save();
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...sheets].some((sheet) => sheet.dirty)) event.preventDefault();
  });
})();
