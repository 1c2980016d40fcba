// The look and the path of a series.
const COLOURS = 8;
const DASHES = 5;

const look = ({ place }) => `series line-${place % COLOURS} dash-${(place + Math.floor(place / COLOURS)) % DASHES}`;

// A path through the lowest and the highest point of each column of `width` pixels, from place `first` to before `end`.
function path({ x: xs, gaps }, values, [first, end], x, y, { isLog, width }) {
  let drawn = "";
  let isOpen = false;
  let [low, high, column, before] = [-1, -1, NaN, -Infinity];
  const add = (at) => {
    if (isOpen && gaps.length && gaps.some(([from, to]) => before < to && from < xs[at])) isOpen = false;
    drawn += `${isOpen ? "L" : "M"}${Math.round(x.place(xs[at]) * 10) / 10} ${Math.round(y.place(values[at]) * 10) / 10}`;
    isOpen = true;
    before = xs[at];
  };
  const flush = () => {
    if (low < 0) return;
    add(low < high ? low : high);
    if (low !== high) add(low < high ? high : low);
  };
  for (let at = first; at < end; at++) {
    if (isLog && values[at] <= 0) continue;
    const next = Math.floor(x.place(xs[at]) / width);
    if (next !== column) {
      flush();
      low = high = at;
      column = next;
    } else if (values[at] < values[low]) low = at;
    else if (values[at] > values[high]) high = at;
  }
  flush();
  return drawn;
}
