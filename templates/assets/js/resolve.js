// The text of a file with conflicts is shown from where the first of them is marked.
for (const text of document.querySelectorAll(".resolve-text")) {
  const place = text.value.search(/^<{7} /m);
  if (place < 0) continue;
  text.setSelectionRange(place, place);
  const lines = text.value.slice(0, place).split("\n").length - 1;
  text.scrollTop = Math.max(0, lines - 3) * (parseFloat(getComputedStyle(text).lineHeight) || 20);
}
