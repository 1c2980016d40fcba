// Numbers, times and scales as the server writes and draws them (`src/chart/{number,axis,scale}.rs`).
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const CLOCK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, HOUR, 7200, 10800, 21600, 43200, DAY, 2 * DAY];

function number(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size < 1e-4 || size >= 1e7) return Number(value.toExponential(2)).toExponential().replace("e+", "e");
  const decimals = size >= 1000 ? 0 : Math.min(6, 3 - Math.floor(Math.log10(size)));
  return String(Number(value.toFixed(decimals)));
}

const date = (seconds) => new Date(seconds * 1000).toISOString();
const two = (value) => String(Math.floor(value)).padStart(2, "0");

function text(axis, x) {
  if (axis === "moment") return x % DAY === 0 ? date(x).slice(0, 10) : `${date(x).slice(0, 10)} ${date(x).slice(11, 19)}`;
  if (axis === "elapsed" && x >= MINUTE) return `${Math.floor(x / HOUR)}:${two((x % HOUR) / MINUTE)}:${two(x % MINUTE)}`;
  if (axis === "elapsed") return `${number(x)} s`;
  return Number.isInteger(x) ? String(x) : number(x);
}

// Maps low..high to from..to, and back.
function scale([low, high], from, to, isLog) {
  const map = isLog ? Math.log10 : (value) => value;
  [low, high] = [map(low), map(high)];
  const only = low === high ? low : undefined;
  if (!(high - low > Math.max(Math.abs(low), Math.abs(high)) * 1e-9)) {
    const room = low === 0 ? 1 : Math.abs(low) * 0.1;
    [low, high] = low <= high ? [low - room, high + room] : [0, 1];
  }
  const factor = (to - from) / (high - low);
  const start = from - low * factor;
  const place = isLog ? (value) => start + Math.log10(value) * factor : (value) => start + value * factor;
  const back = (at) => low + ((at - from) / (to - from)) * (high - low);
  return { low, high, only, place, back };
}

function multiples(low, high, step) {
  const marks = [];
  for (let mark = Math.ceil(low / step); mark * step <= high + step / 1e6 && marks.length < 40; mark++) marks.push(mark * step);
  return marks;
}

function round(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  const part = rough / power;
  return power * (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10);
}

// Pairs of a value and its text.
function ticksX(axis, { low, high, only }, most, isWhole) {
  // Around a single value there is nothing to mark.
  if (only !== undefined) return [[only, text(axis, only)]];
  const span = high - low;
  if (axis === "moment") {
    const step = CLOCK_STEPS.find((step) => span / step <= most) || Math.ceil(span / most / DAY) * DAY;
    const end = step < MINUTE ? 19 : 16;
    return multiples(low, high, step).map((at) => [at, at % DAY ? date(at).slice(11, end) : date(at).slice(5, 10)]);
  }
  const [unit, symbol] =
    axis === "elapsed" ? [[DAY, " d"], [HOUR, " h"], [MINUTE, " min"]].find(([unit]) => high >= 2 * unit) || [1, " s"] : [1, ""];
  const step = Math.max(round(span / unit / most), isWhole && unit === 1 ? 1 : 0);
  return multiples(low / unit, high / unit, step).map((mark) => [mark * unit, number(Number(mark.toPrecision(12))) + symbol]);
}

function ticksY({ low, high }, isLog) {
  if (!isLog) return multiples(low, high, round((high - low) / 5)).map((at) => [at, number(Number(at.toPrecision(12)))]);
  let powers = multiples(low, high, Math.max(1, Math.round(round((high - low) / 6))));
  if (powers.length < 3) powers = [0, 1, 2].flatMap((more) => [1, 2, 5].map((part) => Math.floor(low) + more + Math.log10(part)));
  return powers.filter((at) => at >= low && at <= high).map((at) => [10 ** at, number(10 ** at)]);
}

// The first place at which `xs` is not below `x`.
function search(xs, x) {
  let [low, high] = [0, xs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

function nearest(xs, x) {
  const after = search(xs, x);
  return after > 0 && (after === xs.length || x - xs[after - 1] <= xs[after] - x) ? after - 1 : after;
}

// The same average as the server's.
function smooth(values, percent) {
  if (!percent) return values;
  const weight = percent / 100;
  let [average, missing] = [0, 1];
  return values.map((value) => {
    average = average * weight + value * (1 - weight);
    missing *= weight;
    return average / (1 - missing);
  });
}

// The first place behind `x`.
function nextAfter(xs, x) {
  let at = search(xs, x);
  while (at < xs.length && xs[at] === x) at++;
  return at;
}
