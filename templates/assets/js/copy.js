// <copy-box>: a button that copies the code beside it.
class CopyBox extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const code = this.querySelector("code");
    if (!button || !code) return;
    button.hidden = false;
    const label = button.getAttribute("aria-label");
    button.addEventListener("click", async () => {
      await copy(code);
      button.setAttribute("aria-label", this.dataset.done);
      button.classList.add("is-done");
      const path = button.querySelector("path");
      const drawing = path.getAttribute("d");
      path.setAttribute("d", "m2.8 8.5 3.4 3.5 7-8");
      setTimeout(() => {
        button.setAttribute("aria-label", label);
        button.classList.remove("is-done");
        path.setAttribute("d", drawing);
      }, 1500);
    });
  }
}

async function copy(code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    // Without TLS there is no clipboard for scripts: select the text and let the browser copy it.
    getSelection().selectAllChildren(code);
    document.execCommand("copy");
  }
}

customElements.define("copy-box", CopyBox);
