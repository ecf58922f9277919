// Runs once, when Gradio has drawn the sources: `element`, `trigger` and `watch` are Gradio's.
element.addEventListener("click", (event) => {
  const target = event.target.closest("[data-article]");
  if (target) trigger("article", { id: target.dataset.article });
});
watch("value", () => window.groundwire.opened(element));
