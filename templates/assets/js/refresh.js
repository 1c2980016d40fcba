// form[data-refresh="id id"]: after a change of a field, those parts are taken anew from the form's answer to its button
// [data-refresh-now]. What was typed elsewhere stays as it is.
addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.dataset.refresh) refresh(form);
});

addEventListener("click", (event) => {
  const button = event.target.closest("[data-refresh-now]");
  if (!button?.form?.dataset.refresh) return;
  event.preventDefault();
  refresh(button.form);
});

async function refresh(form) {
  const body = new URLSearchParams(new FormData(form));
  const button = form.querySelector("[data-refresh-now]");
  body.set(button.name, button.value);
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of form.dataset.refresh.split(" ")) {
      const fresh = page.getElementById(id);
      const stale = document.getElementById(id);
      if (!fresh || !stale || fresh.innerHTML === stale.innerHTML) continue;
      morph(stale, fresh);
    }
  } catch {
    // The rail shows what it showed; sending the form tells more.
  }
}
