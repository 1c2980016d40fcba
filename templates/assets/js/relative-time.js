// <relative-time>: keeps "3 minutes ago" true, and shows the reader's own time zone in the title.
const STEPS = [
  [60, "minute", 3600],
  [3600, "hour", 86400],
  [86400, "day", 2592000],
  [2592000, "month", 31536000],
  [31536000, "year", Infinity],
];
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
const two = (number) => String(number).padStart(2, "0");

class RelativeTime extends HTMLElement {
  connectedCallback() {
    this.time = this.querySelector("time");
    this.at = new Date(this.time.dateTime);
    const at = this.at;
    this.time.title = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
    this.tick = this.tick.bind(this);
    this.timer = setInterval(this.tick, 60000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  tick() {
    const seconds = (Date.now() - this.at) / 1000;
    const step = STEPS.find(([, , below]) => seconds < below);
    if (seconds < 60 || !step) return;
    const text = words.format(-Math.floor(seconds / step[0]), step[1]);
    this.time.textContent = text.replace(/(\d)(\p{Script=Han})/u, "$1 $2");
  }
}

customElements.define("relative-time", RelativeTime);
