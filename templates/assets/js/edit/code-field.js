// <code-field data-spaces data-wrap data-restored data-discard>: a text box for code. It shows line numbers, writes indents with Tab
// (Escape, then Tab leaves it), wraps long lines on demand, and keeps what is typed over a reload. The button of the form that is
// called "do" shows the preview in place.
const SAVE_AFTER = 500;
const MOST_NUMBERS = 20000;

class CodeField extends HTMLElement {
  connectedCallback() {
    this.area = this.querySelector("textarea");
    this.form = this.area.form;
    this.indent = Number(this.dataset.spaces) ? " ".repeat(Number(this.dataset.spaces)) : "\t";
    this.key = `hearth draft ${location.pathname}`;
    this.numbers = document.createElement("div");
    this.numbers.className = "code-numbers";
    this.numbers.setAttribute("aria-hidden", "true");
    const box = document.createElement("div");
    box.className = "code-box";
    this.area.replaceWith(box);
    box.append(this.numbers, this.area);
    this.prepend(this.bar());
    this.restore();
    this.area.addEventListener("input", () => this.changed());
    this.area.addEventListener("scroll", () => (this.numbers.scrollTop = this.area.scrollTop));
    this.area.addEventListener("keydown", (event) => this.press(event));
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.count();
  }

  bar() {
    const bar = document.createElement("div");
    const wrap = document.createElement("button");
    bar.className = "code-bar";
    wrap.type = "button";
    wrap.className = "button button-quiet button-small";
    wrap.textContent = this.dataset.wrap;
    wrap.setAttribute("aria-pressed", "false");
    wrap.addEventListener("click", () => {
      const isOn = wrap.getAttribute("aria-pressed") !== "true";
      wrap.setAttribute("aria-pressed", isOn);
      this.area.wrap = isOn ? "soft" : "off";
      this.classList.toggle("is-wrapped", isOn);
    });
    bar.append(wrap);
    return bar;
  }

  count() {
    const lines = Math.min(this.area.value.split("\n").length, MOST_NUMBERS);
    if (lines === this.lines) return;
    this.lines = lines;
    this.numbers.textContent = Array.from({ length: lines }, (_, line) => line + 1).join("\n");
    this.numbers.scrollTop = this.area.scrollTop;
  }

  changed() {
    this.count();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(false), SAVE_AFTER);
  }

  press(event) {
    const isLeaving = this.isLeaving;
    this.isLeaving = event.key === "Escape" || (isLeaving && event.key === "Shift");
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Tab" && !isLeaving) {
      event.preventDefault();
      const { selectionStart: start, selectionEnd: end, value } = this.area;
      if (event.shiftKey || value.slice(start, end).includes("\n")) this.shift(event.shiftKey);
      else this.write(this.indent);
    } else if (event.key === "Enter") {
      const line = this.area.value.slice(0, this.area.selectionStart).split("\n").pop();
      event.preventDefault();
      this.write(`\n${/^[ \t]*/.exec(line)[0]}`);
    }
  }

  // Moves the selected lines by one indent.
  shift(isBack) {
    const { selectionStart: start, selectionEnd: end, value } = this.area;
    const first = value.lastIndexOf("\n", start - 1) + 1;
    const last = value.indexOf("\n", Math.max(end - 1, start));
    const lines = value.slice(first, last < 0 ? value.length : last);
    const back = new RegExp(`^(\t| {1,${this.indent === "\t" ? 4 : this.indent.length}})`, "gm");
    const moved = isBack ? lines.replace(back, "") : lines.replace(/^(?=.)/gm, this.indent);
    this.area.setSelectionRange(first, first + lines.length);
    this.write(moved);
    this.area.setSelectionRange(first, first + moved.length);
  }

  // As if it was typed, so that it can be undone.
  write(text) {
    const isDone = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
    if (isDone) return;
    this.area.setRangeText(text, this.area.selectionStart, this.area.selectionEnd, "end");
    this.changed();
  }

  base() {
    return this.form.elements.base;
  }

  keep(isSent) {
    const draft = { text: this.area.value, base: this.base().value, path: this.form.elements.path.value, isSent };
    try {
      localStorage.setItem(this.key, JSON.stringify(draft));
    } catch {
      // There is no room; the text is still in the box.
    }
  }

  // What was sent and has become another content was saved.
  restore() {
    let draft;
    try {
      draft = JSON.parse(localStorage.getItem(this.key));
    } catch {
      return;
    }
    if (!draft || draft.text === this.area.value) return;
    const isFresh = !this.form.querySelector("[role=alert]");
    if (!isFresh || (draft.isSent && (draft.base === "" || draft.base !== this.base().value))) return this.forget();
    const stored = { text: this.area.value, base: this.base().value, path: this.form.elements.path.value };
    this.put(draft);
    const note = document.createElement("p");
    const discard = document.createElement("button");
    note.className = "notice";
    note.setAttribute("role", "status");
    note.textContent = `${this.dataset.restored} `;
    discard.type = "button";
    discard.className = "link-button";
    discard.textContent = this.dataset.discard;
    discard.addEventListener("click", () => {
      this.put(stored);
      this.forget();
      note.remove();
    });
    note.append(discard);
    this.prepend(note);
  }

  put(draft) {
    this.area.value = draft.text;
    this.base().value = draft.base;
    this.form.elements.path.value = draft.path;
    this.count();
  }

  forget() {
    localStorage.removeItem(this.key);
  }

  async submit(event) {
    const isPreview = event.submitter?.name === "do";
    clearTimeout(this.timer);
    this.keep(!isPreview);
    if (!isPreview) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(this.form, event.submitter));
    this.form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(this.form.getAttribute("action"), { method: "POST", body });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("edit-answer");
      if (!fresh) throw new Error(answer.status);
      document.getElementById("edit-answer").replaceWith(document.adoptNode(fresh));
      fresh.scrollIntoView({ block: "start" });
      fresh.focus({ preventScroll: true });
    } catch {
      event.submitter.formNoValidate = true;
      const action = document.createElement("input");
      Object.assign(action, { type: "hidden", name: "do", value: "preview" });
      this.form.append(action);
      this.form.submit();
    } finally {
      this.form.removeAttribute("aria-busy");
    }
  }
}

customElements.define("code-field", CodeField);
