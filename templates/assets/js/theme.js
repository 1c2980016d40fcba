// The switch of colours in the footer acts at once, and is remembered by the server.
addEventListener("submit", (event) => {
  const form = event.target;
  // Not form.action: in a form with a button of that name, it is the button.
  const address = form.getAttribute("action");
  if (new URL(address ?? "", location).pathname !== "/-/theme") return;
  event.preventDefault();
  const choice = event.submitter;
  document.documentElement.dataset.theme = choice.value;
  for (const button of form.querySelectorAll("button")) button.toggleAttribute("aria-pressed", button === choice);
  fetch(address, { method: "POST", body: new URLSearchParams(new FormData(form, choice)), redirect: "manual" });
});
