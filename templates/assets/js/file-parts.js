// <file-parts data-total data-source>: lines of a large file. Those that are not here yet are gaps as high as they are,
// so that the scroll bar is right, and come when they are about to be seen. A link to a line (#L54321) brings its part.
const PART_LINES = 500;
const MOST_LINES = 400000;

class FileParts extends HTMLElement {
  connectedCallback() {
    this.code = this.querySelector(".code");
    const first = lineOf(this.code.firstElementChild);
    const last = lineOf(this.code.lastElementChild);
    const total = Number(this.dataset.total);
    if ((first === 1 && last === total) || total > MOST_LINES) return;
    this.lineHeight = parseFloat(getComputedStyle(this.code).lineHeight) || 20;
    this.observer = new IntersectionObserver((seen) => this.see(seen), { rootMargin: "1500px" });
    const top = this.code.firstElementChild;
    this.code.prepend(...this.gaps(1, first - 1));
    this.code.append(...this.gaps(last + 1, total));
    this.querySelector("nav")?.setAttribute("hidden", "");
    this.jump = this.jump.bind(this);
    addEventListener("hashchange", this.jump);
    const shown = this.code.querySelector(".is-current, .is-marked") || (first > 1 && top);
    if (location.hash) this.jump();
    else shown && shown.scrollIntoView({ block: shown === top ? "start" : "center" });
  }

  disconnectedCallback() {
    removeEventListener("hashchange", this.jump);
    this.observer?.disconnect();
  }

  gaps(first, last) {
    const gaps = [];
    for (let from = first; from <= last; from += PART_LINES) {
      const gap = document.createElement("div");
      const to = Math.min(from + PART_LINES - 1, last);
      Object.assign(gap.dataset, { from, to });
      gap.className = "gap";
      gap.style.height = `${(to - from + 1) * this.lineHeight}px`;
      this.observer.observe(gap);
      gaps.push(gap);
    }
    return gaps;
  }

  see(seen) {
    for (const { isIntersecting, target } of seen) if (isIntersecting) this.fill(target);
  }

  async fill(gap) {
    if (gap.dataset.isBusy) return;
    gap.dataset.isBusy = "1";
    const { from, to } = gap.dataset;
    const answer = await fetch(`${this.dataset.source}${from}-${to}`).catch(() => null);
    if (!answer?.ok) return delete gap.dataset.isBusy;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const lines = [...page.querySelectorAll(".code > div")].map((line) => document.adoptNode(line));
    this.observer.unobserve(gap);
    gap.replaceWith(...lines, ...this.gaps(Number(from) + lines.length, Number(to)));
  }

  async jump() {
    const wanted = Number(/^#L(\d+)/.exec(location.hash)?.[1]);
    const gap = [...this.code.querySelectorAll(".gap")].find(({ dataset }) => dataset.from <= wanted && wanted <= dataset.to);
    if (!gap) return;
    await this.fill(gap);
    if (document.getElementById(`L${wanted}`)) dispatchEvent(new HashChangeEvent("hashchange"));
  }
}

function lineOf(line) {
  return Number(line.id.slice(1));
}

customElements.define("file-parts", FileParts);
