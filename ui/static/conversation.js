// Runs once, when Gradio has drawn the conversation: `element`, `trigger` and `watch` are Gradio's.
// Gradio takes the names of its events from here: "question", "cite", "article", "export", "copy", "again", "edit", "judge", "look".
element.addEventListener("click", (event) => window.groundwire.press(event, trigger));
element.addEventListener("submit", (event) => window.groundwire.judged(event, trigger));

// An answer that another window awaits, or this one before it was loaded anew, comes here only if it is looked for.
let looking;
const look = () => {
  if (!element.querySelector(".awaited")) return;
  trigger("look", {});
  looking = setTimeout(look, 2000);
};
watch("value", () => {
  window.groundwire.follow(element);
  clearTimeout(looking);
  looking = setTimeout(look, 2000);
});
