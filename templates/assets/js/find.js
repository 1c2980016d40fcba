// form[data-finder]: finds files while one types, among all paths at data-paths, as the server does (`code/browse/find/fuzzy.rs`).
// The search pauses after each slice of time, so that typing stays fluid in repositories of 100,000 files.
const MOST_FOUND = 100;
const SLICE_MS = 8;
const [AT_WORD, IN_ROW, IN_NAME] = [8, 6, 4];

const form = document.querySelector("form[data-finder]");
if (form) begin(form);

// Whether each character code is a letter or a digit; what is not ASCII counts as one.
const isWord = (code) => code > 127 || (code > 47 && code < 58) || (code > 64 && code < 91) || (code > 96 && code < 123);
const isCapital = (code) => code > 64 && code < 91;
const isSmall = (code) => code > 96 && code < 123;

function score(path, lower, query) {
  let wanted = query.length - 1;
  let [points, isInName, wasMatch] = [0, true, false];
  for (let at = path.length - 1; at >= 0; at--) {
    const code = path.charCodeAt(at);
    if (code === 47) isInName = false;
    const isMatch = wanted >= 0 && lower.charCodeAt(at) === query.charCodeAt(wanted);
    if (isMatch) {
      wanted--;
      const before = at ? path.charCodeAt(at - 1) : 0;
      if (!at || !isWord(before) || (isSmall(before) && isCapital(code))) points += AT_WORD;
      if (wasMatch) points += IN_ROW;
      if (isInName) points += IN_NAME;
    }
    wasMatch = isMatch;
    if (wanted < 0 && !isMatch) break;
  }
  return wanted < 0 ? points * 16 - Math.min(path.length, 1024) : NaN;
}

// The places of the matched letters, for showing them.
function marks(lower, query) {
  const places = new Set();
  for (let at = lower.length - 1, wanted = query.length - 1; at >= 0 && wanted >= 0; at--) {
    if (lower.charCodeAt(at) === query.charCodeAt(wanted)) {
      places.add(at);
      wanted--;
    }
  }
  return places;
}

function begin(form) {
  const [input, list, count, empty] = [form.elements.q, ...["find-list", "find-count", "find-empty"].map((id) => document.getElementById(id))];
  const icon = list.querySelector("svg");
  let [paths, lowers, turn] = [null, null, 0];
  let before = { query: "", places: null };
  const ready = fetch(form.dataset.paths).then(async (answer) => {
    if (!answer.ok) throw new Error(answer.statusText);
    paths = (await answer.text()).split("\n");
    paths.pop();
    lowers = new Array(paths.length);
  });

  const pause = () => new Promise((go) => setTimeout(go));

  async function search() {
    const mine = ++turn;
    const query = input.value.toLowerCase().replace(/\s+/g, "");
    try {
      await ready;
    } catch {
      return; // The form asks the server.
    }
    // More letters match no more paths than fewer did.
    const among = before.places && query.startsWith(before.query) ? before.places : null;
    const total = among ? among.length : paths.length;
    const [places, scores] = [[], []];
    let until = performance.now() + SLICE_MS;
    for (let step = 0; step < total; step++) {
      if ((step & 255) === 0 && performance.now() > until) {
        await pause();
        if (mine !== turn) return;
        until = performance.now() + SLICE_MS;
      }
      const place = among ? among[step] : step;
      const lower = (lowers[place] ??= paths[place].toLowerCase());
      const points = query ? score(paths[place], lower, query) : 0;
      if (points === points) {
        places.push(place);
        scores.push(points);
      }
    }
    before = { query, places };
    show(query, best(places, scores), places.length);
  }

  function best(places, scores) {
    const order = [];
    let least = -Infinity;
    for (let at = 0; at < places.length; at++) {
      if (order.length === MOST_FOUND && scores[at] <= least) continue;
      let low = 0;
      let high = order.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (scores[order[middle]] >= scores[at]) low = middle + 1;
        else high = middle;
      }
      order.splice(low, 0, at);
      if (order.length > MOST_FOUND) order.pop();
      least = scores[order.at(-1)];
    }
    return order.map((at) => places[at]);
  }

  function show(query, found, total) {
    list.replaceChildren(...found.map((place) => row(paths[place], lowers[place], query)));
    count.textContent = (total === 1 ? count.dataset.one : count.dataset.other).replace(/\d+/, total.toLocaleString("en"));
    empty.hidden = total > 0;
    const address = new URL(location.href);
    input.value ? address.searchParams.set("q", input.value) : address.searchParams.delete("q");
    history.replaceState(null, "", address);
  }

  function row(path, lower, query) {
    const row = document.createElement("li");
    row.className = "list-row";
    const link = document.createElement("a");
    link.href = `${form.dataset.source}/${path.split("/").map(encodeURIComponent).join("/")}`;
    const places = lower.length === path.length ? marks(lower, query) : new Set();
    let [text, isMarked] = ["", false];
    const flush = () => {
      if (!text) return;
      const piece = isMarked ? document.createElement("mark") : document.createTextNode("");
      piece.textContent = text;
      link.append(piece);
      text = "";
    };
    for (let at = 0; at < path.length; at++) {
      if (places.has(at) !== isMarked) {
        flush();
        isMarked = !isMarked;
      }
      text += path[at];
    }
    flush();
    if (icon) row.append(icon.cloneNode(true));
    row.append(link);
    return row;
  }

  input.addEventListener("input", search);
  form.addEventListener("submit", (event) => {
    const first = list.querySelector("a");
    if (!paths || !first) return;
    event.preventDefault();
    first.click();
  });
  addEventListener("keydown", (event) => {
    const links = [input, ...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (at < 0) return;
    if (event.key === "Escape") return location.assign(form.dataset.source);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    links[Math.min(Math.max(at + step, 0), links.length - 1)].focus();
  });
  if (input.value) ready.then(search);
}
