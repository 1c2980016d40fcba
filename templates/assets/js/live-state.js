// <live-state data-live data-lost data-paused>: says whether the page moves by itself.
class LiveState extends HTMLElement {
  connectedCallback() {
    this.hear = (event) => this.show(event.detail);
    document.addEventListener("live-state", this.hear);
  }

  disconnectedCallback() {
    document.removeEventListener("live-state", this.hear);
  }

  show(state) {
    this.hidden = state === "over";
    this.dataset.state = state;
    if (this.dataset[state]) this.textContent = this.dataset[state];
  }

  // What the server says of it is only where it begins.
  renew() {}
}

customElements.define("live-state", LiveState);
