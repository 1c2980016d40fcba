// form[data-fragment="id"]: sent without leaving the page; the part of that id is taken from the answer. With data-stay, the address
// stays as well.
addEventListener("submit", async (event) => {
  const form = event.target;
  const id = form.dataset?.fragment;
  if (!id || event.defaultPrevented) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const isGet = form.method === "get";
  const action = form.getAttribute("action");
  const address = isGet ? `${action.split("?")[0]}?${body}` : event.submitter?.getAttribute("formaction") || action;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, isGet ? {} : { method: "POST", body });
    const text = await answer.text();
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.getElementById(id);
    const stale = document.getElementById(id);
    if (fresh && stale) {
      stale.replaceWith(document.adoptNode(fresh));
      if (isGet && !("stay" in form.dataset)) history.replaceState(null, "", address);
      document.getElementById(id).querySelector("[data-focus]")?.focus();
    } else if (answer.ok) {
      location.assign(answer.url);
    } else {
      document.documentElement.replaceWith(document.adoptNode(page.documentElement));
    }
  } catch {
    form.submit();
  } finally {
    form.removeAttribute("aria-busy");
  }
});
