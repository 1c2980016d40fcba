// morph(stale, fresh): makes a part of the page like a newer one, changing only what differs, so that the reader keeps their place:
// what is open, focused, selected, scrolled or typed stays. A custom element with a method `renew(fresh)` takes its news itself; one
// without is left alone while it says the same, and replaced otherwise.
const NEAR = 12;

globalThis.morph = (stale, fresh) => {
  attributes(stale, fresh);
  children(stale, fresh);
};

function children(stale, fresh) {
  let old = stale.firstChild;
  for (const made of [...fresh.childNodes]) {
    const match = find(old, made);
    while (match && old !== match) old = remove(old);
    if (match) {
      old = match.nextSibling;
      update(match, made);
    } else {
      stale.insertBefore(document.importNode(made, true), old);
    }
  }
  while (old) old = remove(old);
}

// The node that becomes this one: the same one a little further on, or else the next if it is of the same kind.
function find(old, made) {
  let near = old;
  for (let steps = 0; near && steps < NEAR; steps++, near = near.nextSibling) {
    if (made.id ? near.id === made.id : isAlike(near, made)) return near;
  }
  const isOfKind = old && !old.id && !made.id && old.nodeName === made.nodeName && !comes(old, made);
  return isOfKind ? old : null;
}

// Whether they say the same. What a script or the reader has changed of one, such as opening it, does not count.
function isAlike(old, made) {
  return old.isEqualNode(made) || (old.nodeName === made.nodeName && made.textContent.trim() && old.textContent === made.textContent);
}

// Whether the fresh part has this very node later on.
function comes(old, made) {
  let later = made.nextSibling;
  for (let steps = 0; later && steps < NEAR; steps++, later = later.nextSibling) {
    if (old.nodeType === Node.ELEMENT_NODE && isAlike(old, later)) return true;
  }
  return false;
}

function remove(node) {
  const next = node.nextSibling;
  if (!isHeld(node)) node.remove();
  return next;
}

function update(old, made) {
  if (old.isEqualNode(made)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (!isHeld(old)) old.data = made.data;
  } else if (old.renew) {
    old.renew(made);
  } else if (old.localName.includes("-") && old.localName !== "live-fragment") {
    if (!isSame(old, made) && !isHeld(old)) replace(old, made);
  } else if (!isTyped(old)) {
    morph(old, made);
  }
}

function attributes(old, made) {
  for (const { name, value } of [...made.attributes]) {
    if (name !== "open" && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (name !== "open" && !made.hasAttribute(name)) old.removeAttribute(name);
  }
}

function isSame(old, made) {
  const told = (element) => [...element.attributes].map(({ name, value }) => `${name}=${value}`).join();
  return old.textContent === made.textContent && told(old) === told(made);
}

function replace(old, made) {
  const fresh = document.importNode(made, true);
  const open = [...old.querySelectorAll("details")].map((part) => part.open);
  fresh.querySelectorAll("details").forEach((part, place) => (part.open = open[place] ?? part.open));
  old.replaceWith(fresh);
}

// Whether the reader has it selected, or is typing in it.
function isHeld(node) {
  const selection = getSelection();
  const isSelected = !selection.isCollapsed && [selection.anchorNode, selection.focusNode].some((end) => node.contains(end));
  const typing = document.activeElement?.closest("input, textarea, select");
  return isSelected || Boolean(typing && node.contains(typing));
}

function isTyped(field) {
  if (field.localName === "select") return [...field.options].some((option) => option.selected !== option.defaultSelected);
  if (field.localName !== "input" && field.localName !== "textarea") return false;
  return field === document.activeElement || field.value !== field.defaultValue || field.checked !== field.defaultChecked;
}
