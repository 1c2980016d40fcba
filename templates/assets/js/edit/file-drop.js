// <file-drop data-drop>: files can be dropped on it as well as chosen, and what will be sent is listed.
class FileDrop extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    const hint = document.createElement("p");
    hint.className = "muted";
    hint.textContent = this.dataset.drop;
    this.list = document.createElement("ul");
    this.list.setAttribute("aria-live", "polite");
    this.append(hint, this.list);
    this.input.addEventListener("change", () => this.tell());
    this.addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      this.classList.add("is-dropping");
    });
    this.addEventListener("dragleave", () => this.classList.remove("is-dropping"));
    this.addEventListener("drop", (event) => {
      this.classList.remove("is-dropping");
      if (event.dataTransfer.files.length === 0) return;
      event.preventDefault();
      this.add(event.dataTransfer.files);
    });
  }

  // Dropped files come to those that were chosen; one of the same name takes its place.
  add(files) {
    const all = new Map([...this.input.files, ...files].map((file) => [file.name, file]));
    const chosen = new DataTransfer();
    for (const file of all.values()) chosen.items.add(file);
    this.input.files = chosen.files;
    this.tell();
  }

  tell() {
    this.list.replaceChildren(
      ...[...this.input.files].map((file) => {
        const line = document.createElement("li");
        line.textContent = file.name;
        return line;
      }),
    );
  }
}

customElements.define("file-drop", FileDrop);
