// <markdown-field data-preview data-upload>: tabs for writing and for what it will look like; files that are dropped, pasted or chosen
// are sent at once, with a bar that shows how far that has come, and their place in the text is where one writes.
class MarkdownField extends HTMLElement {
  connectedCallback() {
    this.area = this.querySelector("textarea");
    this.shown = document.createElement("div");
    this.shown.className = "markdown-preview prose";
    this.shown.hidden = true;
    this.tabs = [this.dataset.write, this.dataset.show].map((text, place) => this.tab(text, place === 1));
    const bar = document.createElement("div");
    bar.className = "markdown-tabs button-group";
    bar.append(...this.tabs);
    this.prepend(bar);
    this.append(this.shown);
    if (this.dataset.upload) this.takeFiles();
    this.area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.area.form.requestSubmit();
    });
  }

  takeFiles() {
    this.told = document.createElement("p");
    this.told.className = "files-told";
    this.told.setAttribute("role", "status");
    this.append(this.told);
    const take = (event, files) => {
      if (!files || files.length === 0) return;
      event.preventDefault();
      this.send(files);
    };
    this.area.addEventListener("paste", (event) => take(event, event.clipboardData.files));
    this.area.addEventListener("drop", (event) => {
      this.classList.remove("is-dropping");
      take(event, event.dataTransfer.files);
    });
    this.area.addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      this.classList.add("is-dropping");
    });
    this.area.addEventListener("dragleave", () => this.classList.remove("is-dropping"));
    const chooser = this.querySelector("input[type=file]");
    chooser.addEventListener("change", async () => {
      if (await this.send([...chooser.files])) chooser.value = "";
    });
  }

  // Gives whether all were taken; those that were not stay chosen and are sent with the form.
  async send(files) {
    const body = new FormData();
    body.append("csrf", this.area.form.elements.csrf.value);
    for (const file of files) body.append("files", file);
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", this.dataset.sending);
    this.told.replaceChildren(this.dataset.sending, " ", bar);
    try {
      const taken = await this.upload(body, (part) => (bar.value = part));
      for (const text of taken.texts) this.write(text);
      this.told.textContent = taken.refused;
      return true;
    } catch {
      this.told.textContent = this.dataset.failed;
      return false;
    }
  }

  // fetch does not tell how far it has come.
  upload(body, tell) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.upload.addEventListener("progress", (event) => event.lengthComputable && tell(event.loaded / event.total));
      request.addEventListener("load", () => {
        try {
          resolve(JSON.parse(request.responseText));
        } catch (error) {
          reject(error);
        }
      });
      for (const end of ["error", "abort", "timeout"]) request.addEventListener(end, reject);
      request.open("POST", this.dataset.upload);
      request.send(body);
    });
  }

  write(text) {
    const { selectionStart: start, value } = this.area;
    const before = start > 0 && value[start - 1] !== "\n" ? "\n" : "";
    this.area.setRangeText(`${before}${text}\n`, start, this.area.selectionEnd, "end");
    this.area.focus();
  }

  tab(text, isPreview) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-quiet button-small";
    button.textContent = text;
    if (!isPreview) button.setAttribute("aria-pressed", "true");
    button.addEventListener("click", () => this.show(isPreview));
    return button;
  }

  async show(isPreview) {
    for (const [place, tab] of this.tabs.entries()) tab.toggleAttribute("aria-pressed", (place === 1) === isPreview);
    this.shown.hidden = !isPreview;
    this.area.hidden = isPreview;
    if (!isPreview) return this.area.focus();
    if (!this.area.value.trim()) return (this.shown.textContent = this.dataset.empty);
    const csrf = this.area.form.elements.csrf.value;
    const body = new URLSearchParams({ csrf, text: this.area.value });
    const answer = await fetch(this.dataset.preview, { method: "POST", body });
    if (answer.ok) this.shown.innerHTML = await answer.text();
    else this.shown.textContent = answer.status;
  }
}

customElements.define("markdown-field", MarkdownField);
