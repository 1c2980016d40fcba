// Keys on changes: j k for files, n p for discussions, v ticks the file as viewed, c comments on the line
// with the focus or the marked lines.
addEventListener("keydown", (event) => {
  if (!document.querySelector(".diff-files") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")) return;
  const act = { j: () => step(FILES, 1), k: () => step(FILES, -1), n: () => step(TALK, 1), p: () => step(TALK, -1), v: tick, c: comment }[event.key];
  if (act && act() !== false) event.preventDefault();
});

const FILES = ".diff-files > .diff";
const TALK = ".diff-files .line-thread, .diff-files form.say";
const NEAR = 60;

// Goes to the next of these below the top of the window, or the one before.
function step(wanted, direction) {
  const all = [...document.querySelectorAll(wanted)];
  const tops = all.map((element) => element.getBoundingClientRect().top);
  const next = direction > 0 ? tops.findIndex((top) => top > NEAR + 1) : tops.findLastIndex((top) => top < NEAR - 1);
  if (next < 0) return false;
  all[next].style.scrollMarginTop = `${NEAR}px`;
  all[next].scrollIntoView({ block: "start", behavior: "instant" });
  all[next].querySelector("summary, textarea")?.focus({ preventScroll: true });
}

// The file at the top of the window.
function current() {
  const files = [...document.querySelectorAll(FILES)];
  return files.findLast((file) => file.getBoundingClientRect().top <= NEAR + 1) || files[0];
}

function tick() {
  const button = current()?.querySelector(".diff-viewed");
  button?.click();
  return Boolean(button);
}

function comment() {
  if (document.activeElement === lineButton) return lineButton.click();
  const line = lineOf(location.hash);
  const file = line && document.getElementById(line.file);
  if (!file || !document.getElementById("say")) return false;
  const form = open(file, line.side + line.last, line.first);
  form?.elements.body.focus();
  return Boolean(form);
}
