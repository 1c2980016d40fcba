// The data of charts, and what of them the address says is shown.
// By title, what outlives a refresh of the page's part: data, the point that is read, focus.
const known = new Map();
const answers = new Map();

function data(chart) {
  if (chart.dataset.values) return Promise.resolve(JSON.parse(chart.dataset.values));
  const address = chart.dataset.source;
  if (!(answers.get(address)?.until > Date.now())) {
    const answer = fetch(address).then((answer) => answer.json());
    answers.set(address, { answer, until: Date.now() + 3000 });
  }
  return answers.get(address).answer.then((charts) => charts[chart.dataset.title]);
}

// What is chosen is in the address; it is written there when the slider rests, because browsers refuse to do it often.
let chosen = null;
let writing = 0;
const query = () => chosen || new URLSearchParams(location.search);

// What of a chart is shown, and how.
function view(chart) {
  const asked = query();
  const number = (name) => (asked.get(name) ? Number(asked.get(name)) : NaN);
  const [from, to] = [number("from"), number("to")];
  const scale = asked.get("scale");
  return {
    smoothing: Math.min(number("smoothing") || 0, 99),
    isLog: scale === "log" || (scale !== "linear" && "log" in chart.dataset),
    range: from < to ? [from, to] : null,
  };
}

function choose(choices, isMoving) {
  chosen = query();
  for (const [name, value] of Object.entries(choices)) value === "" ? chosen.delete(name) : chosen.set(name, value);
  clearTimeout(writing);
  isMoving ? (writing = setTimeout(write, 250)) : write();
  for (const chart of document.querySelectorAll("chart-view")) chart.redraw(isMoving);
}

function write() {
  const address = location.pathname + (chosen.size ? `?${chosen}` : "");
  chosen = null;
  history.replaceState(null, "", address);
  const part = document.getElementById("task-part");
  if (part?.dataset.source?.split("?")[0] === location.pathname) part.dataset.source = address;
}

// form[data-charts]: smoothing and scale at once; the x axis, and the scale that fits, with an answer of the server.
addEventListener("input", ({ target }) => {
  if (!target.form?.matches("[data-charts]")) return;
  if (target.name === "smoothing") {
    target.form.querySelector("output").textContent = `${target.value}%`;
    choose({ smoothing: target.value === "0" ? "" : target.value }, true);
  }
  if (target.name === "scale" && target.value !== "auto") choose({ scale: target.value });
  if (target.name === "x" || target.value === "auto") {
    clearTimeout(writing);
    chosen = null;
    target.form.requestSubmit();
  }
});
