// Lines between two changes are shown in place: twenty from the top or the bottom of what is hidden, or all of it.
const STEP = 20;
const MOST_AT_ONCE = 1000;

for (const link of document.querySelectorAll(".diff-more")) offer(link);
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) node.querySelectorAll?.(".diff-more").forEach(offer);
  }
}).observe(document.body, { childList: true, subtree: true });

// Two smaller steps beside the link, where there is more than they show.
function offer(link) {
  const row = link.closest("tr.hunk");
  const { from, to } = row.dataset;
  if (row.querySelector("[data-step]") || !to || to - from < 2 * STEP) return;
  for (const [step, sign] of [["up", "↑"], ["down", "↓"]]) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "diff-step", textContent: `${sign} ${STEP}` });
    button.dataset.step = step;
    link.before(button);
  }
}

addEventListener("click", async (event) => {
  const asked = event.target.closest(".diff-more, .diff-step");
  const row = asked?.closest("tr.hunk");
  if (!row || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const from = Number(row.dataset.from);
  const to = Number(row.dataset.to || from + STEP - 1);
  // Down begins below what is above; up ends above what is below.
  const wanted = { down: [from, Math.min(from + STEP - 1, to)], up: [Math.max(to - STEP + 1, from), to] }[asked.dataset.step] || [
    Math.max(from, to - MOST_AT_ONCE + 1),
    to,
  ];
  const link = row.querySelector(".diff-more");
  const address = new URL(link.href);
  const reach = asked.dataset.step === "down" ? wanted[1] - from : to - wanted[0];
  address.searchParams.set("context", Math.max(Number(address.searchParams.get("context")) || 0, reach + 4));
  const file = row.closest(".diff");
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return location.assign(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const rows = [...(page.getElementById(file.id)?.querySelectorAll(".diff-lines tr") ?? [])].filter((line) => {
    const number = Number([...line.querySelectorAll("td[data-n]")].at(-1)?.dataset.n);
    const isHere = line.id && document.getElementById(line.id);
    return !line.matches(".hunk, .said") && !isHere && wanted[0] <= number && number <= wanted[1];
  });
  const fresh = rows.map((line) => document.adoptNode(line));
  const isFromTop = asked.dataset.step === "down" || !row.dataset.to;
  isFromTop ? row.before(...fresh) : row.after(...fresh);
  settle(row, wanted, isFromTop, fresh.length);
});

// What is still hidden after that.
function settle(row, [first, last], isFromTop, shown) {
  if (!row.dataset.to) {
    row.dataset.from = last + 1;
    if (shown < last - first + 1) row.remove();
    return;
  }
  if (isFromTop) row.dataset.from = last + 1;
  else row.dataset.to = first - 1;
  const left = row.dataset.to - row.dataset.from + 1;
  if (left <= 0 || !shown) {
    row.querySelectorAll(".diff-more, .diff-step").forEach((part) => part.remove());
    if (!isFromTop) row.remove();
  } else {
    const link = row.querySelector(".diff-more");
    link.textContent = link.textContent.replace(/\d[\d,]*/, left);
  }
}
