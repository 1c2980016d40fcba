// Keys that people know: c create, l a m for what is ticked in a list, / search, ? help, g and a letter for a tab, j k o x in lists,
// t find a file, y permanent address, b blame, e edit. Escape
// leaves a search box as it is.
const TABS = { c: "", i: "/issues", p: "/pulls", t: "/tasks", m: "/models", s: "/settings" };
let isGoing = false;

addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (isTyping?.type === "search" && event.key === "Escape") {
    event.preventDefault();
    return isTyping.blur();
  }
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isGoing) {
    isGoing = false;
    const tabs = [...document.querySelectorAll(".head .tab")];
    const end = TABS[event.key];
    const tab = end === "" ? tabs[0] : end && tabs.find((tab) => tab.pathname.endsWith(end));
    if (tab) tab.click();
    return;
  }
  const act = ACTS[event.key] ?? (() => press(event.key));
  if (act() !== false) event.preventDefault();
});

const ACTS = {
  "/": () => focus("input[type=search]"),
  "?": () => help(),
  g: () => ((isGoing = true), setTimeout(() => (isGoing = false), 1200)),
  j: () => choose(1),
  k: () => choose(-1),
  o: () => open(),
  // Enter belongs to what has the focus.
  Enter: () => !document.activeElement.matches("a, button, summary, input") && open(),
  x: () => click(".is-chosen input[type=checkbox]"),
  t: () => click("[data-find]"),
  y: () => fix(),
  b: () => click("[data-blame], [data-blame-off]"),
  e: () => click("[data-edit]"),
};

// Only what does something on this page is listed.
function help() {
  const keys = document.getElementById("keys");
  for (const element of keys.querySelectorAll("[data-needs]")) element.hidden = !document.querySelector(element.dataset.needs);
  keys.showModal();
}

// The address becomes the permanent one; lines that are chosen stay chosen.
function fix() {
  const link = document.querySelector("[data-permanent]");
  if (link) history.replaceState(null, "", link.href + location.hash);
  return Boolean(link);
}

function focus(selector) {
  const found = document.querySelector(selector);
  found?.focus();
  return Boolean(found);
}

function click(selector) {
  const found = document.querySelector(selector);
  found?.click();
  return Boolean(found);
}

// What a page has for a key of its own: a link or a button is followed, a field gets the focus.
function press(key) {
  if (!/^[a-z]$/.test(key)) return false;
  const found = [...document.querySelectorAll(`[data-key="${key}"]`)].find((element) => element.checkVisibility());
  if (!found) return false;
  if (found.matches("input, select, textarea")) found.focus();
  else found.click();
}

function choose(step) {
  const rows = [...document.querySelectorAll("main .list-row, main .files tr, main .table tbody tr")];
  if (!rows.length) return false;
  const at = rows.findIndex((row) => row.classList.contains("is-chosen"));
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  rows[at]?.classList.remove("is-chosen");
  next.classList.add("is-chosen");
  next.scrollIntoView({ block: "nearest" });
}

function open() {
  const link = document.querySelector(".is-chosen a[href]");
  link?.click();
  return Boolean(link);
}
