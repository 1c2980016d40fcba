// <live-log data-source>: lines as they come (SSE), below those that the page brought. The browser asks again after the last
// line it has seen (Last-Event-ID). See components/log.html for what the server sends.
const MOST_LINES = 5000;
const ERROR = /\b(error|exception|traceback|fatal|out of memory)\b/i;

class LiveLog extends HTMLElement {
  connectedCallback() {
    this.lines = this.querySelector(".code");
    this.pane = this.querySelector(".log-lines");
    this.state = this.querySelector(".log-state");
    this.number = this.lines.childElementCount ? Number(this.lines.lastElementChild.id.slice(1)) : Number(this.dataset.before || 0);
    this.bar();
    this.showEnd();
    if (this.dataset.source) this.listen();
  }

  disconnectedCallback() {
    this.events?.close();
  }

  bar() {
    const part = (name) => this.querySelector(`[data-${name}]`);
    this.follow = part("follow");
    this.pane.addEventListener("scroll", () => {
      const isAtEnd = this.pane.scrollTop + this.pane.clientHeight >= this.pane.scrollHeight - 24;
      if (this.follow) this.follow.checked = isAtEnd;
    });
    this.follow?.addEventListener("change", () => this.showEnd());
    part("wrap")?.addEventListener("change", (event) => this.lines.classList.toggle("is-wrapped", event.target.checked));
    part("search")?.addEventListener("input", (event) => this.search(event.target.value));
    part("search")?.addEventListener("keydown", (event) => event.key === "Enter" && this.step());
    part("first-error")?.addEventListener("click", () => this.lines.querySelector(".is-error")?.scrollIntoView({ block: "center" }));
    for (const line of this.lines.children) this.judge(line);
    for (const control of this.querySelectorAll(".log-bar [hidden]")) control.hidden = false;
  }

  listen() {
    this.events = new EventSource(this.dataset.source);
    this.events.addEventListener("open", () => this.say(this.dataset.live));
    this.events.addEventListener("error", () => this.say(this.dataset.lost));
    this.events.addEventListener("message", (event) => this.add(event.data));
    this.events.addEventListener("end", () => {
      this.events.close();
      this.say(this.dataset.over);
      this.dispatchEvent(new Event("done", { bubbles: true }));
    });
  }

  say(text) {
    if (this.state) this.state.textContent = text || "";
  }

  add(text) {
    const fresh = document.createDocumentFragment();
    for (const line of text.split("\n")) fresh.append(this.line(line));
    this.lines.append(fresh);
    while (this.lines.childElementCount > MOST_LINES) this.lines.firstElementChild.remove();
    this.showEnd();
  }

  line(text) {
    const number = ++this.number;
    const line = document.createElement("div");
    line.id = `L${number}`;
    const link = document.createElement("a");
    link.href = `#L${number}`;
    link.dataset.n = number;
    link.textContent = number;
    const code = document.createElement("code");
    // Of a progress bar that draws over itself, the last state is left.
    code.textContent = text.slice(text.lastIndexOf("\r") + 1).replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "");
    line.append(link, code);
    this.judge(line);
    return line;
  }

  judge(line) {
    line.classList.toggle("is-error", ERROR.test(line.textContent));
  }

  showEnd() {
    if (!this.follow || this.follow.checked) this.pane.scrollTop = this.pane.scrollHeight;
  }

  search(text) {
    this.found = [];
    this.at = -1;
    for (const line of this.lines.children) {
      const code = line.lastElementChild;
      const plain = code.textContent;
      const place = text ? plain.toLowerCase().indexOf(text.toLowerCase()) : -1;
      if (place < 0) {
        if (code.firstElementChild?.tagName === "MARK" || code.querySelector("mark")) code.textContent = plain;
        continue;
      }
      const mark = document.createElement("mark");
      mark.textContent = plain.slice(place, place + text.length);
      code.replaceChildren(plain.slice(0, place), mark, plain.slice(place + text.length));
      this.found.push(line);
    }
    if (this.found.length) this.step();
  }

  step() {
    if (!this.found?.length) return;
    this.at = (this.at + 1) % this.found.length;
    if (this.follow) this.follow.checked = false;
    this.found[this.at].scrollIntoView({ block: "center" });
  }
}

customElements.define("live-log", LiveLog);
