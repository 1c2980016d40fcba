// The active tab, and the active entry of a side menu, is in view where they scroll sideways.
for (const tab of document.querySelectorAll(".tabs > [aria-current], .side > [aria-current]")) {
  const bar = tab.parentElement;
  bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
}
