// A button that cannot be undone stays off until the name is typed: <input data-must="mei/llm">. The server checks it too.
for (const input of document.querySelectorAll("input[data-must]")) {
  const button = input.form?.querySelector("button:not([type=button])");
  if (!button) continue;
  const check = () => (button.disabled = input.value.trim() !== input.dataset.must);
  input.addEventListener("input", check);
  check();
}
