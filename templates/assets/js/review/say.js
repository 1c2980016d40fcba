// Comments on lines are written in place: the form comes from the page's template, and what is written outlives a reload until it
// is sent. A click on a second line, or one with Shift, makes the comment one about all lines between.
const PREFIX = "hearth-draft ";

const review = () => document.querySelector("review-files");
const formAfter = (row) => {
  const below = row?.nextElementSibling;
  return below?.matches("tr.said.is-new") ? below.querySelector("form.say") : null;
};

// The part of the address that names one line, such as R12.
function markOf(form) {
  return (form.elements.side.value === "old" ? "L" : "R") + form.elements.last_line.value;
}

function keyOf(form) {
  const { path, first_line } = form.elements;
  return PREFIX + JSON.stringify([review().dataset.pull, path.value, markOf(form), first_line.value]);
}

// Where what is written in a form is kept: by the lines for which it was opened.
function draftOf(form) {
  return (form.dataset.draft ||= keyOf(form));
}

// Without storage, drafts last as long as the page.
function keep(key, text) {
  try {
    text ? localStorage.setItem(key, text) : localStorage.removeItem(key);
  } catch {}
}

function drafts() {
  const found = [];
  try {
    for (let at = 0; at < localStorage.length; at++) {
      const key = localStorage.key(at);
      if (!key.startsWith(PREFIX)) continue;
      const [pull, path, mark, first] = JSON.parse(key.slice(PREFIX.length));
      if (pull === review()?.dataset.pull) found.push({ path, mark, first, text: localStorage.getItem(key) });
    }
  } catch {}
  return found;
}

function fileOf(path) {
  return [...document.querySelectorAll(".diff-files > .diff")].find((file) => file.dataset.path === path);
}

// The page of a file alone, seen in the same way.
function addressOf(file) {
  const address = new URL(review().dataset.here, location);
  address.searchParams.set("file", file.dataset.path);
  return address.pathname + address.search;
}

// Opens the form under a line of a file, about the lines from `first` on.
function open(file, mark, first, text = "") {
  const template = document.getElementById("say");
  const row = document.getElementById(file.id + mark)?.closest("tr");
  if (!template || !row) return null;
  let last = row;
  while (last.nextElementSibling?.matches("tr.said:not(.is-new)")) last = last.nextElementSibling;
  const there = formAfter(last);
  if (there) return there;
  const below = document.createElement("tr");
  below.className = "said is-new";
  const cell = below.insertCell();
  cell.colSpan = 4;
  cell.append(template.content.cloneNode(true));
  last.after(below);
  const form = cell.querySelector("form");
  const fields = form.elements;
  fields.path.value = file.dataset.path;
  fields.side.value = mark[0] === "L" ? "old" : "new";
  fields.first_line.value = first || mark.slice(1);
  fields.last_line.value = mark.slice(1);
  fields.body.value = text;
  draftOf(form);
  fields.return_to.value = addressOf(file);
  form.querySelector("[data-suggest]")?.toggleAttribute("hidden", fields.side.value === "old");
  return form;
}

function close(form) {
  keep(draftOf(form), "");
  const row = form.closest("tr.said");
  row.matches(".is-new") ? row.remove() : form.remove();
}

addEventListener("click", (event) => {
  const button = event.target.closest('.diff-lines button[name="comment"]');
  if (!button || !review()) return;
  const file = button.closest(".diff");
  const mark = button.value;
  const before = [...file.querySelectorAll("form.say")].find(
    (form) => markOf(form)[0] === mark[0] && !form.elements.body.value.trim(),
  );
  let first = Number(mark.slice(1));
  let last = first;
  if (before) {
    first = Math.min(first, Number(before.elements.first_line.value));
    last = Math.max(last, Number(before.elements.last_line.value));
    close(before);
  }
  const form = open(file, mark[0] + last, first);
  if (!form) return;
  event.preventDefault();
  history.replaceState(null, "", place({ file: file.id, side: mark[0], first, last }));
  globalThis.dispatchEvent(new HashChangeEvent("hashchange"));
  form.elements.body.focus({ preventScroll: true });
});

addEventListener("click", (event) => {
  const form = event.target.closest("form.say");
  if (!form || !review()) return;
  if (event.target.closest("[data-cancel]")) {
    event.preventDefault();
    const line = document.getElementById(form.closest(".diff").id + markOf(form));
    close(form);
    if (line && stand(line)) lineButton.focus({ preventScroll: true });
  }
  if (event.target.closest("[data-suggest]")) {
    event.preventDefault();
    suggest(form);
  }
});

// The lines as they are, in a block to be changed.
function suggest(form) {
  const { first_line, last_line, body } = form.elements;
  const file = form.closest(".diff");
  const lines = [];
  for (let number = Number(first_line.value); number <= Number(last_line.value); number++) {
    const element = document.getElementById(`${file.id}R${number}`);
    const cell = element?.matches("td") ? element.nextElementSibling : element?.lastElementChild;
    if (!cell) return;
    lines.push(cell.textContent);
  }
  const longest = Math.max(2, ...lines.map((line) => (line.match(/`+/g) || []).reduce((most, run) => Math.max(most, run.length), 0)));
  const fence = "`".repeat(longest + 1);
  const before = body.value && !body.value.endsWith("\n") ? `${body.value}\n` : body.value;
  body.value = `${before}${fence}suggestion\n${lines.join("\n")}\n${fence}\n`;
  body.dispatchEvent(new Event("input", { bubbles: true }));
  body.focus();
}

addEventListener("input", (event) => {
  const form = event.target.form;
  if (!review() || event.target.name !== "body") return;
  if (form?.matches("form.say")) keep(draftOf(form), form.elements.body.value);
  if (form?.dataset.keep) keep(PREFIX + JSON.stringify([review().dataset.pull, form.dataset.keep]), event.target.value);
});

// Sent without leaving the page: the file, the review and the form for more are taken from the answer.
addEventListener("submit", async (event) => {
  const form = event.target;
  if (!review() || event.defaultPrevented) return;
  if (form.dataset.keep) keep(PREFIX + JSON.stringify([review().dataset.pull, form.dataset.keep]), "");
  const file = form.closest(".diff[id]");
  const isOfThread = form.closest(".line-thread") && !form.matches('[action$="/suggestions"]');
  if (!file || !(form.matches("form.say") || isOfThread)) return;
  event.preventDefault();
  if (form.elements.return_to) form.elements.return_to.value = addressOf(file);
  form.setAttribute("aria-busy", "true");
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body }).catch(() => null);
  // Nothing was sent: the browser says why.
  if (!answer) return HTMLFormElement.prototype.submit.call(withSubmitter(form, event.submitter));
  if (answer.ok && form.matches("form.say")) keep(draftOf(form), "");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.getElementById(file.id)) return leave(answer, page);
  for (const part of [`#${file.id}`, ".review-menu", "#say"]) {
    const fresh = page.querySelector(part);
    const stale = document.querySelector(part);
    if (fresh && stale) stale.replaceWith(document.adoptNode(fresh));
  }
  restore();
  mark(false);
  const said = answer.ok && new URL(answer.url).hash;
  const place = said ? document.getElementById(said.slice(1)) : document.querySelector("form.say [data-focus]");
  place?.scrollIntoView({ block: "nearest" });
});

// To the page that the answer is, if it is not about the file.
function leave(answer, page) {
  if (!answer.ok) return document.documentElement.replaceWith(document.adoptNode(page.documentElement));
  history.replaceState(null, "", answer.url);
  location.reload();
}

// Which button was pressed is part of what is sent.
function withSubmitter(form, submitter) {
  if (submitter?.name) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: submitter.name, value: submitter.value });
    form.append(field);
  }
  return form;
}

// Opens the forms whose drafts were kept.
function restore() {
  if (!review()) return;
  for (const { path, mark, first, text } of drafts()) {
    const file = mark && fileOf(path);
    if (file && text) open(file, mark, first, text);
  }
  const summary = document.querySelector('form[data-keep="review"] textarea');
  try {
    const kept = localStorage.getItem(PREFIX + JSON.stringify([review().dataset.pull, "review"]));
    if (summary && kept && !summary.value) summary.value = kept;
  } catch {}
}

restore();
