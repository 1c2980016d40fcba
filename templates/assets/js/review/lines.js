// Lines of changes: #diff-…R12 and #diff-…R10-R12 mark them; a click on a number makes such an address, with Shift a range.
const LINE = /^(diff-[0-9a-f]+)([LR])(\d+)(?:-[LR](\d+))?$/;
const MOST_MARKED = 2000;

// What an address names: the file's element, the side, the first line and the last.
function lineOf(hash) {
  const found = LINE.exec(hash.replace(/^#/, ""));
  if (!found) return null;
  const [, file, side, first, last] = found;
  const ends = [Number(first), Number(last || first)].sort((one, other) => one - other);
  return { file, side, first: ends[0], last: ends[1] };
}

function place({ file, side, first, last }) {
  return `#${file}${side}${first}${first === last ? "" : `-${side}${last}`}`;
}

// The row, or in two columns the cell, of a line; a line that stands on both sides has the name of its new number.
function elementOf(file, side, number) {
  const own = document.getElementById(`${file}${side}${number}`);
  if (own || side === "R") return own;
  const old = document.querySelector(`#${file} tr.same > td:first-child[data-n="${number}"]`);
  return old && old.parentElement;
}

function mark(scrolls) {
  for (const marked of document.querySelectorAll(".diff-lines .is-marked")) marked.classList.remove("is-marked");
  const line = lineOf(location.hash);
  if (!line) return;
  for (let number = line.first; number <= Math.min(line.last, line.first + MOST_MARKED); number++) {
    elementOf(line.file, line.side, number)?.classList.add("is-marked");
  }
  const first = elementOf(line.file, line.side, line.first);
  if (first && scrolls) {
    first.closest("details").open = true;
    first.scrollIntoView({ block: "center" });
  }
}

addEventListener("hashchange", () => mark(true));
mark(true);

addEventListener("click", (event) => {
  const cell = event.target.closest(".diff-lines td[data-n]");
  const file = cell?.closest(".diff");
  if (!file?.id || event.target.closest("button") || !cell.dataset.n) return;
  const row = cell.parentElement;
  const isOld = cell.classList.contains("del") || row.classList.contains("del");
  const named = isOld ? cell.dataset.n : [...row.querySelectorAll("td[data-n]")].at(-1).dataset.n;
  const line = { file: file.id, side: isOld ? "L" : "R", first: Number(named), last: Number(named) };
  const before = event.shiftKey && lineOf(location.hash);
  if (before && before.file === line.file && before.side === line.side) {
    line.first = Math.min(before.first, line.first);
    line.last = Math.max(before.last, line.last);
  }
  history.replaceState(null, "", place(line));
  mark(false);
});
