// <live-fragment id data-source data-every>: takes its own part from the page at data-source every few seconds, until that
// part says data-done. Nothing is asked for while the page is hidden.
class LiveFragment extends HTMLElement {
  connectedCallback() {
    if (!("done" in this.dataset)) this.wait();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  wait() {
    this.timer = setTimeout(() => this.ask(), Number(this.dataset.every || 3) * 1000);
  }

  async ask() {
    if (document.hidden || this.contains(document.activeElement?.closest("input, textarea, [open]"))) return this.wait();
    try {
      const answer = await fetch(this.dataset.source);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(this.id);
      if (fresh) {
        if (fresh.innerHTML !== this.innerHTML) this.replaceChildren(...fresh.childNodes);
        if ("done" in fresh.dataset) {
          this.dataset.done = "";
          this.dispatchEvent(new Event("done", { bubbles: true }));
          return;
        }
      }
    } catch {
      // The server may be restarting; the next time will tell.
    }
    this.wait();
  }
}

customElements.define("live-fragment", LiveFragment);
