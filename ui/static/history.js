// Runs once, when Gradio has drawn the history: `element`, `trigger` and `watch` are Gradio's.
// Gradio takes the names of its events from here: "open", "turn", "remove", "restore", "ask_all", "keep", "remove_all", "export".
let pressed = false;

element.addEventListener("click", (event) => {
  // The browser keeps the file by itself, and is silent where there is none; a call of the page's own tells why.
  const file = event.target.closest("a[download]");
  if (file) fetch(file.href, { method: "HEAD" }).catch(() => {});
  const button = event.target.closest("button");
  if (!button) return;
  const { open, offset, remove, act, export: id, as: form } = button.dataset;
  pressed = form === undefined;
  if (open) trigger("open", { id: open });
  else if (offset) trigger("turn", { offset: Number(offset) });
  else if (remove) trigger("remove", { id: remove });
  else if (form) trigger("export", { id, form });
  else if (act === "restore") trigger("restore", {});
  else if (act === "ask_all") trigger("ask_all", {});
  else if (act === "keep") trigger("keep", {});
  else if (act === "remove_all") trigger("remove_all", {});
});

// Times in the reader's own zone.
const local = () => {
  const style = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  element.querySelectorAll("time").forEach((time) => (time.textContent = style.format(new Date(time.dateTime))));
};

// The button that was pressed is gone with the list it stood in: what is to be pressed next has the keyboard.
watch("value", () => {
  local();
  if (!pressed) return;
  pressed = false;
  const next = element.querySelector("[data-focus]") ?? element.querySelector("button") ?? document.querySelector("#history-search textarea, #history-search input");
  next?.focus();
});
