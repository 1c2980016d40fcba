// <tree-filter>: shows those files of the tree whose path contains what is typed.
class TreeFilter extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.querySelector("input").addEventListener("input", (event) => this.filter(event.target.value.trim().toLowerCase()));
  }

  filter(wanted) {
    const items = [...this.parentElement.querySelectorAll("nav li")];
    for (const item of items) {
      const path = item.querySelector("a")?.title.toLowerCase();
      item.hidden = wanted !== "" && !path?.includes(wanted);
    }
  }
}

customElements.define("tree-filter", TreeFilter);

// form[data-submit]: sent as soon as something is chosen.
addEventListener("change", (event) => {
  if (event.target.form && "submit" in event.target.form.dataset) event.target.form.requestSubmit();
});
