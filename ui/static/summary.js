// Runs once, when Gradio has drawn the summary: `element`, `trigger` and `watch` are Gradio's.
// Gradio takes the names of its events from here: "cite", "article", "export", "look".
element.addEventListener("click", (event) => window.groundwire.press(event, trigger));

// The address names the summary, so that a reload finds it.
const name = () => {
  const at = element.querySelector("[data-at]")?.dataset.at;
  const address = new URL(location.href);
  if (!at || address.searchParams.get("s") === at) return;
  address.searchParams.set("s", at);
  address.hash = "";
  history.replaceState(history.state, "", address);
};

// A summary that another window awaits, or this one before it was loaded anew, comes here only if it is looked for.
let looking;
const look = () => {
  if (!element.querySelector(".awaited")) return;
  trigger("look", {});
  looking = setTimeout(look, 2000);
};
watch("value", () => {
  window.groundwire.summarised(element);
  name();
  clearTimeout(looking);
  looking = setTimeout(look, 2000);
});
