// <live-fragment id data-source data-events data-on data-every>: takes its own part from the page at data-source whenever the stream at
// data-events tells of what data-on names (a change of state and new metrics, where it names nothing), and every few seconds besides,
// until that part says data-done. Nothing is asked for while the page is hidden. Fragments of one page share one stream and one answer.
const PAUSE = 700;
const OFTEN = 3;
const answers = new Map();
let isLost = false;

document.addEventListener("live-state", (event) => (isLost = event.detail === "lost"));

function page(address) {
  if (!answers.has(address)) {
    const answer = fetch(address).then(async (answer) => {
      if (!answer.ok) throw new Error(answer.status);
      return new DOMParser().parseFromString(await answer.text(), "text/html");
    });
    answers.set(address, answer);
    setTimeout(() => answers.delete(address), 200);
  }
  return answers.get(address);
}

class LiveFragment extends HTMLElement {
  connectedCallback() {
    if ("done" in this.dataset || !this.dataset.source) return;
    this.wait();
    const names = new Set(["hello", "end", ...(this.dataset.on || "change measured").split(" ")]);
    if (this.dataset.events) this.leave = connect(this.dataset.events, (name) => names.has(name) && this.hear(name));
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    clearTimeout(this.next);
    this.next = 0;
    this.leave?.();
  }

  // The first greeting comes to a page that has just been made.
  hear(name) {
    const isFirst = name === "hello" && !this.isGreeted;
    this.isGreeted ||= name === "hello";
    if (!isFirst) this.soon();
  }

  // A change rarely comes alone, and changes may come without end.
  soon() {
    if (this.next) return;
    const since = performance.now() - (this.asked || -PAUSE);
    this.next = setTimeout(() => this.ask(), Math.max(100, PAUSE - since));
  }

  // Without a stream it asks more often.
  wait() {
    clearTimeout(this.timer);
    const seconds = Number(this.dataset.every || OFTEN);
    this.timer = setTimeout(() => this.ask(), (isLost ? Math.min(seconds, OFTEN) : seconds) * 1000);
  }

  async ask() {
    clearTimeout(this.next);
    this.next = 0;
    if (document.hidden) return this.wait();
    this.asked = performance.now();
    try {
      const fresh = (await page(this.dataset.source)).getElementById(this.id);
      if (fresh) morph(this, fresh);
      if (fresh && "done" in fresh.dataset) {
        this.disconnectedCallback();
        this.dispatchEvent(new Event("done", { bubbles: true }));
        return;
      }
    } catch {
      // The server may be restarting; the next time will tell.
    }
    this.wait();
  }
}

customElements.define("live-fragment", LiveFragment);
