// <row-list>: rows of a form that can be added and removed. Without scripts, the page brings a few empty rows.
class RowList extends HTMLElement {
  connectedCallback() {
    const add = this.querySelector("[data-add]");
    if (!add) return;
    add.hidden = false;
    add.addEventListener("click", () => {
      const rows = this.querySelectorAll("[data-row]");
      const row = rows[rows.length - 1].cloneNode(true);
      for (const input of row.querySelectorAll("input")) input.value = "";
      rows[rows.length - 1].after(row);
      row.querySelector("input")?.focus();
    });
    this.addEventListener("click", (event) => {
      const row = event.target.closest("[data-remove]")?.closest("[data-row]");
      if (!row) return;
      if (this.querySelectorAll("[data-row]").length > 1) return row.remove();
      for (const input of row.querySelectorAll("input")) input.value = "";
    });
  }
}

customElements.define("row-list", RowList);
