// What scrolls by itself takes the focus while there is more than it shows, so that keys can scroll it.
const AREAS = ".scroll, .steps, .prose pre, .prose table";
const sizes = new ResizeObserver((changed) => changed.forEach(({ target }) => mark(target)));
const fragments = new MutationObserver(find);

function mark(area) {
  const scrolls = area.scrollWidth > area.clientWidth || area.scrollHeight > area.clientHeight;
  if (scrolls) area.tabIndex = 0;
  else area.removeAttribute("tabindex");
}

function find() {
  sizes.disconnect();
  for (const area of document.querySelectorAll(AREAS)) sizes.observe(area);
}

for (const fragment of document.querySelectorAll("live-fragment")) fragments.observe(fragment, { childList: true });
find();
