// form[data-api-try]: sends a request to the API and shows the answer. The token is read from the field of the page and kept nowhere;
// cookies are not sent, and the API ignores them.
const MOST_SHOWN = 100_000;

const tokenForm = document.getElementById("api-token");
if (tokenForm) {
  tokenForm.hidden = false;
  tokenForm.addEventListener("submit", (event) => event.preventDefault());
  for (const form of document.querySelectorAll("form[data-api-try]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
  // A link to one route opens it also where the browser does not.
  const open = () => document.getElementById(location.hash.slice(1))?.closest("details")?.setAttribute("open", "");
  addEventListener("hashchange", open);
  open();
}

// The address with the path's names filled in and what was typed for the query.
function address(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const field of form.querySelectorAll("input[data-in]")) {
    if (field.dataset.in === "path") path = path.replace(`{${field.name}}`, () => encodeURIComponent(field.value));
    else if (field.value) query.set(field.name, field.value);
  }
  return query.size ? `${path}?${query}` : path;
}

async function send(form) {
  const answer = form.querySelector("output");
  const headers = { Accept: "application/json, */*" };
  const token = tokenForm.querySelector("input").value.trim();
  if (token) headers.Authorization = `Bearer ${token}`;
  const body = form.querySelector("textarea")?.value;
  if (body) headers["Content-Type"] = "application/json";
  form.setAttribute("aria-busy", "true");
  try {
    const options = { method: form.dataset.method, headers, body, credentials: "omit", mode: "same-origin", cache: "no-store" };
    const response = await fetch(address(form), options);
    show(answer, `${response.status} ${response.statusText}`, await response.text());
  } catch {
    show(answer, form.dataset.failed, "");
  } finally {
    form.removeAttribute("aria-busy");
    const sure = form.querySelector("input[type=checkbox]");
    if (sure) sure.checked = false;
  }
}

function show(answer, head, text) {
  const [line, block] = [document.createElement("p"), document.createElement("pre")];
  line.textContent = head;
  block.textContent = indented(text).slice(0, MOST_SHOWN);
  answer.replaceChildren(line, ...(text ? [block] : []));
  answer.hidden = false;
}

function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
