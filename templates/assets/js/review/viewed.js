// Files that are ticked as viewed fold at once; what the server has noted is shown by the button.
addEventListener("click", async (event) => {
  const button = event.target.closest(".diff-viewed");
  const form = button?.form;
  if (!form) return;
  event.preventDefault();
  const isTicking = button.name === "tick";
  const body = new URLSearchParams(new FormData(form, button));
  show(button, isTicking);
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body, redirect: "manual" }).catch(() => null);
  // A redirect is all that this answer says when it is good.
  if (answer?.type !== "opaqueredirect") show(button, !isTicking);
});

function show(button, isViewed) {
  button.name = isViewed ? "untick" : "tick";
  button.setAttribute("aria-pressed", isViewed);
  const file = button.closest(".diff");
  file.querySelector("details.diff-fold").open = !isViewed;
  document.querySelector(`.diff-tree a[href="#${file.id}"]`)?.classList.toggle("is-viewed", isViewed);
  const count = document.getElementById("viewed-count");
  const viewed = document.querySelectorAll('.diff-viewed[aria-pressed="true"]').length;
  if (count) count.textContent = count.textContent.replace(/\d[\d,]*/, viewed);
}
