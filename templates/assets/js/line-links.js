// <line-links>: #L10 and #L10-L20 mark lines; a click on a number makes such an address, with Shift a range.
class LineLinks extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.pick(event));
    this.mark = this.mark.bind(this);
    addEventListener("hashchange", this.mark);
    this.mark();
  }

  disconnectedCallback() {
    removeEventListener("hashchange", this.mark);
  }

  pick(event) {
    const link = event.target.closest("a[href*='#L']");
    if (!link) return;
    event.preventDefault();
    const to = Number(link.hash.slice(2));
    const from = event.shiftKey && this.first ? this.first : to;
    if (!event.shiftKey) this.first = to;
    const hash = from === to ? `#L${to}` : `#L${Math.min(from, to)}-L${Math.max(from, to)}`;
    const page = link.getAttribute("href").split("#")[0].replace(/line=\d+$/, `line=${Math.min(from, to)}`);
    history.replaceState(null, "", page + hash);
    this.mark();
  }

  mark() {
    const range = /^#L(\d+)(?:-L?(\d+))?$/.exec(location.hash);
    for (const line of this.querySelectorAll(".is-marked")) line.classList.remove("is-marked");
    if (!range) return;
    const first = Number(range[1]);
    const last = Math.min(Number(range[2] || first), first + 5000);
    this.first ??= first;
    for (let number = first; number <= last; number++) this.querySelector(`#L${number}`)?.classList.add("is-marked");
    this.querySelector(`#L${first}`)?.scrollIntoView({ block: "center" });
  }
}

customElements.define("line-links", LineLinks);
