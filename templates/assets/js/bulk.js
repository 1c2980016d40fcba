// Boxes that tick the rows of a list: with Shift, all between the last one and this one.
let last = null;

addEventListener("click", (event) => {
  const tick = event.target.closest?.(".bulk-tick");
  if (!tick) return;
  const ticks = [...document.querySelectorAll(".bulk-tick")];
  const [from, to] = [ticks.indexOf(last), ticks.indexOf(tick)].sort((one, other) => one - other);
  if (event.shiftKey && from >= 0) for (const between of ticks.slice(from, to + 1)) between.checked = tick.checked;
  last = tick;
});
