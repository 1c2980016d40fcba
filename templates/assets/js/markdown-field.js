// <markdown-field data-preview>: tabs for writing and for what it will look like.
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
    this.area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.area.form.requestSubmit();
    });
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
