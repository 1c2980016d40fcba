// <chart-view data-title data-source|data-values data-log data-smoothing data-from data-to>: a chart that the server has drawn.
// A pointer or the arrow keys read values, a drag or + and - zoom, Escape or a double click show everything; smoothing and scale
// follow the form. What was chosen is in the address. The drawing is made again from the data, which come with the first use:
// the lowest and highest point of each column of pixels, and over them one line and one box that move without redrawing.
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 14, 12, 40];
const SPOKEN = 8;
const REST_MS = 150;
const ROUGH_PIXELS = 3;

const seen = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => target.turn(isIntersecting)));
const sized = new ResizeObserver((entries) => entries.forEach(({ target }) => target.closest("chart-view").resize()));

class ChartView extends HTMLElement {
  connectedCallback() {
    this.plot = this.querySelector(".chart-plot");
    if (!this.plot) return;
    this.made = this.outerHTML;
    this.svg = this.plot.querySelector("svg");
    this.state = known.get(this.dataset.title) || {};
    known.set(this.dataset.title, this.state);
    this.plot.tabIndex = 0;
    this.plot.setAttribute("role", "group");
    this.plot.setAttribute("aria-label", this.plot.dataset.label);
    this.line = this.lay("div", "chart-line");
    this.area = this.lay("div", "chart-part");
    this.tip = this.lay("div", "chart-tip");
    this.said = this.lay("p", "unseen");
    this.said.hidden = false;
    this.said.setAttribute("aria-live", "polite");
    for (const kind of ["pointerenter", "pointermove", "pointerdown", "pointerup", "pointerleave", "pointercancel", "dblclick", "keydown", "focusin", "focusout"]) {
      this.plot.addEventListener(kind, (event) => this[kind](event));
    }
    this.addEventListener("click", ({ target }) => {
      if (target.closest("[data-whole]")) this.zoom(null);
      if (target.closest("[data-picture]")) this.save();
    });
    this.equip();
    seen.observe(this);
    sized.observe(this.plot);
    if (this.state.data && this.state.isSeen) this.draw();
    if (this.state.data || !this.wasDrawn(view(this))) this.redraw();
    if (this.state.hasFocus) this.plot.focus({ preventScroll: true });
  }

  disconnectedCallback() {
    seen.unobserve(this);
    if (this.plot) sized.unobserve(this.plot);
  }

  // Takes what the server says now, and leaves what the reader looks at in its place.
  renew(fresh) {
    if (fresh.outerHTML === this.made) return;
    this.made = fresh.outerHTML;
    for (const { name, value } of [...fresh.attributes]) this.setAttribute(name, value);
    const figure = this.plot.parentElement;
    const isOpen = figure.querySelector("details")?.open;
    for (const part of [...figure.children]) if (part !== this.plot) part.remove();
    const made = fresh.querySelector(".chart-plot");
    let isAfter = false;
    for (const part of [...made.parentElement.children]) {
      if (part === made) isAfter = true;
      else figure.insertBefore(document.importNode(part, true), isAfter ? null : this.plot);
    }
    if (isOpen) figure.querySelector("details").open = true;
    this.equip();
    if (this.state.data) {
      this.loading = null;
      this.load();
    } else {
      const svg = document.importNode(made.querySelector("svg"), true);
      this.svg.replaceWith(svg);
      this.svg = svg;
    }
  }

  // The button for pictures needs this script.
  equip() {
    const picture = this.querySelector("[data-picture]");
    if (picture) picture.hidden = false;
  }

  lay(kind, name) {
    const element = document.createElement(kind);
    element.className = name;
    element.hidden = true;
    return this.plot.appendChild(element);
  }

  // Whether the server has drawn what the address says.
  wasDrawn({ smoothing, isLog, range }) {
    const { dataset } = this;
    const drawn = [Number(dataset.smoothing), "log" in dataset, dataset.from ? [Number(dataset.from), Number(dataset.to)] : null];
    return String([smoothing, isLog, range]) === String(drawn);
  }

  async load() {
    this.loading ||= data(this);
    try {
      const fresh = await this.loading;
      if (this.data !== fresh && fresh) {
        this.data = this.state.data = fresh;
        this.rows = null;
        this.draw();
      }
    } catch {
      // The server may be restarting: its own drawing stays.
      this.loading = null;
    }
  }

  // `isMoving`: more will follow at once, so that a rough drawing will do until it rests.
  redraw(isMoving = false) {
    this.isStale = true;
    this.isRough = isMoving;
    clearTimeout(this.rest);
    if (isMoving) this.rest = setTimeout(() => this.redraw(), REST_MS);
    if (this.isSeen && this.state.data) this.soon();
    if (this.isSeen && !this.data) this.load();
  }

  turn(isSeen) {
    this.isSeen = this.state.isSeen = isSeen;
    if (isSeen && this.isStale) this.redraw();
  }

  resize() {
    if (this.state.data && this.plot.clientWidth !== this.width) this.redraw();
  }

  soon() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  draw() {
    const charted = this.data || this.state.data;
    const { smoothing, isLog, range } = view(this);
    this.isStale = false;
    this.width = this.plot.clientWidth;
    this.height = Math.max(140, Math.round(this.width / 2));
    const bottom = this.height - BOTTOM;
    const ends = range || charted.series.reduce(([low, high], { x, gaps }) => {
      const all = [x[0], x.at(-1), ...gaps.flatMap(([from, to]) => [from, to])].filter(Number.isFinite);
      return [Math.min(low, ...all), Math.max(high, ...all)];
    }, [Infinity, -Infinity]);
    const x = (this.x = scale(ends, LEFT, this.width - RIGHT));
    const shown = charted.series.map((series) => ({ series, part: [search(series.x, x.low), nextAfter(series.x, x.high)] }));
    let [low, high] = [Infinity, -Infinity];
    for (const { series, part } of shown) {
      for (let at = part[0]; at < part[1]; at++) {
        const value = series.y[at];
        if (isLog && value <= 0) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    const y = scale(isLog && !(low > 0) ? [1, 10] : [low, high], bottom, TOP, isLog);
    const how = { isLog, width: this.isRough ? ROUGH_PIXELS : 1 };
    const right = this.width - RIGHT;
    const isWhole = charted.series.every(({ x }) => x.every(Number.isInteger));
    let svg = "";
    for (const [at, text] of ticksY(y, isLog)) {
      const place = y.place(at).toFixed(1);
      svg += `<path class="grid" d="M${LEFT} ${place}H${right}"/><text x="${LEFT - 6}" y="${Number(place) + 3.5}" class="tick-y">${text}</text>`;
    }
    for (const [at, text] of ticksX(charted.axis, x, Math.max(2, Math.floor(this.width / 80)), isWhole)) {
      svg += `<text x="${x.place(at).toFixed(1)}" y="${bottom + 16}" class="tick-x">${text}</text>`;
    }
    svg += `<path class="axis" d="M${LEFT} ${bottom}H${right}"/><text x="${right}" y="${this.height - 6}" class="tick-y label"></text>`;
    for (const { series, part } of shown) {
      if (smoothing && !this.isRough) svg += `<path class="series line-${series.place % COLOURS} faint" d="${path(series, series.y, part, x, y, how)}"/>`;
      svg += `<path class="${look(series)}" d="${path(series, smooth(series.y, smoothing), part, x, y, how)}"/>`;
    }
    for (const { series } of shown) svg += series.gaps.map((gap) => this.mark(series, gap, bottom)).join("");
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    this.svg.setAttribute("class", "is-sized");
    this.svg.innerHTML = svg;
    this.svg.querySelector(".label").textContent = charted.label;
    this.line.style.height = this.area.style.height = `${bottom - TOP}px`;
    const whole = this.querySelector("[data-whole]");
    if (whole) whole.hidden = !range;
    this.address(smoothing, isLog, range);
    if (this.state.at !== undefined) this.read(this.state.at);
  }

  mark({ place }, [from, to, value], bottom) {
    const { x } = this;
    if (to < x.low || from > x.high) return "";
    const first = x.place(Math.max(from, x.low)).toFixed(1);
    const last = x.place(Math.min(to, x.high)).toFixed(1);
    const [at, shape] =
      value === "Infinity" ? [TOP, "m-4 6 4 -6 4 6z"] : [bottom, value === "NaN" ? "m-3.5 -7 7 7m0 -7 -7 7" : "m-4 -6 4 6 4 -6z"];
    return `<path class="gap line-${place % COLOURS}" d="M${first} ${at}${shape}M${first} ${at}H${last}"/>`;
  }

  // The picture to take away is what is seen.
  address(smoothing, isLog, range) {
    const link = this.querySelector("[data-file=SVG]");
    if (!link) return;
    const address = new URL(link.href);
    const choices = { smoothing: smoothing || "", scale: isLog ? "log" : "linear", from: range?.[0] ?? "", to: range?.[1] ?? "" };
    for (const [name, value] of Object.entries(choices)) value === "" ? address.searchParams.delete(name) : address.searchParams.set(name, value);
    link.href = address;
  }

  // Reads the values at x; `isTold` says them to those who cannot see.
  read(at, isTold) {
    const { series, axis, label } = this.data || this.state.data;
    const near = series.filter(({ x }) => x.length).map(({ x }) => x[nearest(x, at)]);
    if (!near.length) return;
    const x = near.reduce((best, x) => (Math.abs(x - at) < Math.abs(best - at) ? x : best));
    this.state.at = x;
    const values = series.map((series) => {
      const gap = series.gaps.find(([from, to]) => from <= x && x <= to);
      const isOutside = !series.x.length || x < series.x[0] || x > series.x.at(-1);
      return gap ? gap[2].replace("Infinity", "∞") : isOutside ? "–" : number(series.y[nearest(series.x, x)]);
    });
    const place = this.x.place(x);
    const isIn = x >= this.x.low && x <= this.x.high;
    this.line.hidden = this.tip.hidden = !isIn;
    this.line.style.transform = `translate(${place}px, ${TOP}px)`;
    const side = place > this.width / 2 ? "translate(calc(-100% - 10px), 0)" : "translate(10px, 0)";
    this.tip.style.transform = `translate(${place}px, ${TOP}px) ${side}`;
    if (!this.rows) this.makeRows(series);
    this.rows.head.textContent = `${label} ${text(axis, x)}`;
    values.forEach((value, place) => (this.rows.cells[place].textContent = value));
    if (isTold) {
      const told = series.slice(0, SPOKEN).map(({ name }, place) => `${name} ${values[place]}`);
      this.said.textContent = `${label} ${text(axis, x)}: ${told.join(", ")}`;
    }
  }

  makeRows(series) {
    const head = document.createElement("strong");
    const table = document.createElement("table");
    const cells = series.map((series) => {
      const row = table.insertRow();
      row.insertCell().innerHTML = `<svg viewBox="0 0 18 8"><path class="${look(series)}" d="M0 4h18"/></svg>`;
      row.insertCell().textContent = series.name;
      return row.insertCell();
    });
    this.tip.replaceChildren(head, table);
    this.rows = { head, cells };
  }

  leave() {
    this.state.at = undefined;
    this.line.hidden = this.tip.hidden = true;
  }

  zoom(range) {
    const plain = (value) => (Math.abs(value) >= 1000 ? Math.round(value * 1000) / 1000 : Number(value.toPrecision(6)));
    choose({ from: range ? plain(range[0]) : "", to: range ? plain(range[1]) : "" });
  }

  at(event) {
    const place = event.clientX - this.plot.getBoundingClientRect().left;
    return Math.min(Math.max(place, LEFT), this.width - RIGHT);
  }

  pointerenter() {
    if (!this.data) this.load();
  }

  pointermove(event) {
    if (!this.x) return;
    this.pointed = event;
    this.moving ||= requestAnimationFrame(() => {
      this.moving = 0;
      const at = this.at(this.pointed);
      if (this.start === undefined) return this.read(this.x.back(at));
      this.area.hidden = false;
      this.area.style.width = "1px";
      this.area.style.transform = `translate(${Math.min(at, this.start)}px, ${TOP}px) scaleX(${Math.abs(at - this.start)})`;
    });
  }

  // A finger reads; zooming needs a mouse, a pen or keys.
  pointerdown(event) {
    if (event.button !== 0 || event.pointerType === "touch" || !this.x) return;
    this.start = this.at(event);
    this.plot.setPointerCapture(event.pointerId);
  }

  pointerup(event) {
    const [start, end] = [this.start, this.x && this.at(event)];
    this.pointercancel();
    if (start !== undefined && Math.abs(end - start) > 6) this.zoom([start, end].sort((a, b) => a - b).map(this.x.back));
  }

  pointercancel() {
    this.start = undefined;
    this.area.hidden = true;
  }

  pointerleave() {
    if (this.start === undefined && !this.state.hasFocus) this.leave();
  }

  dblclick() {
    this.zoom(null);
  }

  async focusin() {
    this.state.hasFocus = this.plot.matches(":focus-visible");
    await this.load();
  }

  // An element that a refresh takes away does not lose the focus to another.
  focusout() {
    queueMicrotask(() => {
      if (!this.isConnected) return;
      this.state.hasFocus = false;
      this.leave();
    });
  }

  keydown(event) {
    const act = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !this.x) return;
    if (act !== undefined) this.step(event.shiftKey ? act * 10 : act);
    else if (event.key === "+" || event.key === "=") this.magnify(0.5);
    else if (event.key === "-") this.magnify(2);
    else if (event.key === "Escape") view(this).range ? this.zoom(null) : this.leave();
    else return;
    event.preventDefault();
  }

  // To the next point of any series within what is shown.
  step(steps) {
    const { series } = this.data || this.state.data;
    const all = [...new Set(series.flatMap(({ x }) => x.slice(search(x, this.x.low), nextAfter(x, this.x.high))))].sort((a, b) => a - b);
    if (!all.length) return;
    const now = this.state.at === undefined ? (steps > 0 ? -1 : all.length) : nearest(all, this.state.at);
    this.read(all[Math.min(Math.max(now + steps, 0), all.length - 1)], true);
  }

  magnify(factor) {
    const { low, high } = this.x;
    const middle = this.state.at ?? (low + high) / 2;
    const half = ((high - low) * factor) / 2;
    this.zoom(half * 2 > 1e-9 * Math.abs(middle) ? [middle - half, middle + half] : null);
  }

  async save() {
    const link = this.querySelector("[data-file=SVG]");
    const svg = await (await fetch(link.href)).text();
    const picture = new Image();
    picture.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    await picture.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
    canvas.getContext("2d").drawImage(picture, 0, 0);
    canvas.toBlob((blob) => {
      const file = document.createElement("a");
      file.href = URL.createObjectURL(blob);
      file.download = `${this.dataset.title.replaceAll("/", "-")}.png`;
      file.click();
      setTimeout(() => URL.revokeObjectURL(file.href), 10000);
    });
  }
}

customElements.define("chart-view", ChartView);
