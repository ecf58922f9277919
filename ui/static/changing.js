// Runs once, when Gradio has drawn what is said of a question that is being changed. Its event is "cancel".
element.addEventListener("click", (event) => {
  if (event.target.closest("[data-cancel]")) trigger("cancel");
});
watch("value", () => window.groundwire.changing(element));
