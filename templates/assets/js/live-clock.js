// <live-clock data-elapsed>: the time since something began, in milliseconds when the page was made, counting on.
class LiveClock extends HTMLElement {
  connectedCallback() {
    this.begin();
    this.timer = setInterval(() => this.tick(), 500);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  begin() {
    this.start = performance.now() - Number(this.dataset.elapsed);
    this.tick();
  }

  tick() {
    const seconds = Math.max(0, Math.floor((performance.now() - this.start) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    const minutes = Math.floor(seconds / 60) % 60;
    const hours = Math.floor(seconds / 3600);
    const text = `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
    if (text !== this.textContent) this.textContent = text;
  }

  renew(fresh) {
    this.dataset.elapsed = fresh.dataset.elapsed;
    this.begin();
  }
}

customElements.define("live-clock", LiveClock);
