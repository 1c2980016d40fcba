// One button to comment serves all lines: it stands beside the number of the line where the pointer or the focus is. It follows the
// focus into the lines of a file, where the arrow keys take it from line to line.
const lineButton = Object.assign(document.createElement("button"), { type: "button", name: "comment", textContent: "+" });

// Brings it to a line, by the row or the cell that has the line's name. False: the reader may not comment there.
function stand(named) {
  const line = lineOf(named.id);
  const file = line && document.getElementById(line.file);
  if (!file?.dataset.sides?.includes(line.side)) return false;
  lineButton.value = line.side + line.last;
  lineButton.setAttribute("aria-label", document.getElementById("say").dataset.label.replace("{line}", lineButton.value));
  const cell = named.matches("td") ? named : [...named.querySelectorAll("td[data-n]")].at(-1);
  if (lineButton.parentElement !== cell) cell.append(lineButton);
  return true;
}

addEventListener("pointerover", ({ target }) => {
  if (lineButton.matches(":focus-visible")) return;
  const cell = target.closest(".diff-lines td");
  const number = cell?.matches("[data-n]") ? cell : cell?.previousElementSibling;
  // In two columns a line's name is that of its number, in one that of its row.
  const named = [number, cell?.parentElement].find((element) => element?.id);
  if (!named || !stand(named)) lineButton.remove();
});

// What leads into the lines of a file with Tab comes next to the button: at the marked lines, or at the first.
addEventListener("focusin", ({ target }) => {
  if (!target.matches(".diff-lines:focus-visible") || target.contains(lineButton)) return;
  const marked = target.querySelectorAll(".is-marked");
  [...marked, ...target.querySelectorAll("[id]")].find(stand);
});

lineButton.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const named = [...lineButton.closest(".diff-lines").querySelectorAll("[id]")];
  const at = named.indexOf(lineButton.closest("[id]"));
  const next = step > 0 ? named.slice(at + 1) : named.slice(0, at).reverse();
  next.find(stand);
  lineButton.focus();
});
