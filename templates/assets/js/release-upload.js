// <release-upload>: sends a file in pieces, so that a broken connection loses nothing: choosing the same file again goes on where it
// stopped. Without scripts its form sends the file whole.
const PIECE_BYTES = 16 << 20;
const TRIES = 5;

class ReleaseUpload extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    form?.addEventListener("submit", (event) => {
      const file = form.elements.files.files[0];
      if (!file || !file.slice) return;
      event.preventDefault();
      this.send(form, file);
    });
  }

  async send(form, file) {
    const button = form.querySelector("button");
    const line = form.querySelector(".release-progress");
    const token = form.elements.csrf.value;
    const post = (address, fields) =>
      fetch(address, { method: "POST", body: new URLSearchParams({ csrf: token, ...fields }) });
    button.disabled = true;
    line.hidden = false;
    try {
      let progress = await this.told(await post(this.dataset.pieces, { name: file.name, size: file.size }));
      let failures = 0;
      while (progress.offset < file.size) {
        this.show(line, file, progress.offset);
        const piece = file.slice(progress.offset, progress.offset + PIECE_BYTES);
        const headers = { "x-csrf-token": token, "content-type": "application/octet-stream" };
        const address = `${progress.address}?offset=${progress.offset}`;
        const answer = await fetch(address, { method: "POST", headers, body: piece }).catch(() => null);
        if (answer?.ok) {
          progress = await answer.json();
          failures = 0;
          continue;
        }
        failures += 1;
        if (failures > TRIES || (answer && answer.status < 500 && answer.status !== 409)) throw answer;
        await new Promise((done) => setTimeout(done, 1000 * 2 ** failures));
        progress = await this.told(await post(this.dataset.pieces, { name: file.name, size: file.size }));
      }
      const done = await post(`${progress.address}/finish`, {});
      if (!done.ok) throw done;
      location.assign(done.url);
    } catch (answer) {
      const isRefused = answer instanceof Response && answer.status < 500;
      line.textContent = isRefused ? this.dataset.refused : this.dataset.failed;
      button.disabled = false;
    }
  }

  async told(answer) {
    if (!answer.ok) throw answer;
    return answer.json();
  }

  show(line, file, offset) {
    const percent = Math.floor((offset / Math.max(file.size, 1)) * 100);
    line.textContent = `${this.dataset.running.replace("{name}", file.name)} · ${percent} %`;
  }
}

customElements.define("release-upload", ReleaseUpload);
