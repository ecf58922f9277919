// Runs once, when Gradio has drawn the summary: `element`, `trigger` and `watch` are Gradio's.
// Gradio takes the names of its events from here: "cite", "article", "export".
element.addEventListener("click", (event) => window.groundwire.press(event, trigger));
watch("value", () => window.groundwire.summarised(element));
