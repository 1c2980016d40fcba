// <live-log data-source>: rows as they come, below those that the page brought, or instead of those with the same number.
// See components/log.html for what the server sends.
const MOST_ROWS = 5000;

class LiveLog extends HTMLElement {
  connectedCallback() {
    this.lines = this.querySelector(".code");
    this.pane = this.querySelector(".log-lines");
    this.bar();
    this.goToLine();
    this.showEnd();
    if (!location.hash) this.match?.scrollIntoView({ block: "center" });
    if (this.dataset.source) this.leave = connect(this.dataset.source, (name, data) => this.hear(name, data));
  }

  disconnectedCallback() {
    this.leave?.();
  }

  bar() {
    const part = (name) => this.querySelector(`[data-${name}]`);
    this.follow = part("follow");
    this.match = this.lines.querySelector("mark");
    if (location.hash || this.match) this.follow.checked = false;
    this.pane.addEventListener("scroll", () => (this.follow.checked = this.isAtEnd()));
    this.follow.addEventListener("change", () => this.showEnd());
    part("wrap").addEventListener("change", (event) => this.lines.classList.toggle("is-wrapped", event.target.checked));
    for (const control of this.querySelectorAll(".log-bar [hidden]")) control.hidden = false;
  }

  // A link to a line that this part of the log does not have leads to the part that has it.
  goToLine() {
    const line = /^#L(\d+)/.exec(location.hash)?.[1];
    const address = new URL(location);
    if (!line || this.querySelector(`#L${line}`) || address.searchParams.has("line")) return;
    address.searchParams.set("line", line);
    location.replace(address);
  }

  hear(name, data) {
    if (name === "message") this.add(data);
    if (name === "all") {
      this.lines.replaceChildren();
      this.add(data);
    }
    if (name === "end") this.dispatchEvent(new Event("done", { bubbles: true }));
  }

  add(data) {
    const rows = document.createElement("template");
    rows.innerHTML = data;
    for (const row of [...rows.content.children]) {
      const old = this.lines.querySelector(`#${row.id}`);
      if (old) morph(old, row);
      else this.lines.append(document.adoptNode(row));
    }
    const digits = this.lines.lastElementChild?.id.length - 1;
    if (digits > this.lines.dataset.digits) this.lines.dataset.digits = digits;
    while (this.lines.childElementCount > MOST_ROWS) this.lines.firstElementChild.remove();
    this.showEnd();
  }

  isAtEnd() {
    return this.pane.scrollTop + this.pane.clientHeight >= this.pane.scrollHeight - 24;
  }

  showEnd() {
    if (this.follow.checked) this.pane.scrollTop = this.pane.scrollHeight;
  }

  // A newer page has the same log; what came since is told by the stream.
  renew() {}
}

customElements.define("live-log", LiveLog);
