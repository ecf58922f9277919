// Runs once, when Gradio has drawn the list of runs: `element` and `trigger` are Gradio's.
// Gradio takes the names of its events from here: "report", "compare".
element.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-run], [data-against]");
  if (!pressed) return;
  if (pressed.dataset.run) trigger("report", { name: pressed.dataset.run });
  else trigger("compare", { name: pressed.dataset.against });
});
