// <live-fragment id data-source data-events data-every>: takes its own part from the page at data-source whenever the stream at
// data-events tells of a change, and every few seconds besides, until that part says data-done. Nothing is asked for while the
// page is hidden. Fragments of one page share one stream, and one answer.
const streams = new Map();
const answers = new Map();

function stream(address) {
  if (!streams.has(address)) {
    const events = new EventSource(address);
    events.addEventListener("end", () => events.close());
    streams.set(address, events);
  }
  return streams.get(address);
}

function page(address) {
  if (!answers.has(address)) {
    const answer = fetch(address).then(async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html"));
    answers.set(address, answer);
    setTimeout(() => answers.delete(address), 300);
  }
  return answers.get(address);
}

class LiveFragment extends HTMLElement {
  connectedCallback() {
    if ("done" in this.dataset) return;
    this.wait();
    if (!this.dataset.events) return;
    this.events = stream(this.dataset.events);
    this.hear = () => this.soon();
    this.events.addEventListener("change", this.hear);
    this.events.addEventListener("end", this.hear);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    clearTimeout(this.next);
    this.events?.removeEventListener("change", this.hear);
    this.events?.removeEventListener("end", this.hear);
  }

  // A change rarely comes alone.
  soon() {
    clearTimeout(this.next);
    this.next = setTimeout(() => this.ask(), 400);
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), Number(this.dataset.every || 3) * 1000);
  }

  // What the reader has opened stays open.
  show(fresh) {
    const open = [...this.querySelectorAll("details")].map((part) => part.open);
    this.innerHTML = fresh.innerHTML;
    this.querySelectorAll("details").forEach((part, place) => (part.open = open[place] || false));
  }

  async ask() {
    if (document.hidden || this.contains(document.activeElement?.closest("input, textarea, [open]"))) return this.wait();
    try {
      const fresh = (await page(this.dataset.source)).getElementById(this.id);
      if (fresh) {
        if (fresh.innerHTML !== this.innerHTML) this.show(fresh);
        if ("done" in fresh.dataset) {
          clearTimeout(this.timer);
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
