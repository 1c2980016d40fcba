// <similar-issues data-source>: issues whose titles resemble the one that is being typed. Waits until the typing stops, and gives up
// an answer that nobody waits for any more.
class SimilarIssues extends HTMLElement {
  connectedCallback() {
    const title = this.closest("form")?.elements.title;
    title?.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(title.value.trim()), 400);
    });
    this.found = document.createElement("div");
    this.found.setAttribute("role", "status");
    this.append(this.found);
  }

  async look(title) {
    this.asked?.abort();
    this.asked = new AbortController();
    if (title.length < 3 && !/[^\u0000-\u02ff]{2}/.test(title)) return this.found.replaceChildren();
    try {
      const answer = await fetch(`${this.dataset.source}?${new URLSearchParams({ title })}`, { signal: this.asked.signal });
      if (answer.ok) this.found.innerHTML = await answer.text();
    } catch {
      // A newer title is being looked for, or the server cannot be reached: the form works without it.
    }
  }
}

customElements.define("similar-issues", SimilarIssues);
