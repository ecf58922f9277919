// Runs once, when Gradio has drawn the conversation: `element`, `trigger` and `watch` are Gradio's.
// Gradio takes the names of its events from here: "question", "cite", "article", "export".
element.addEventListener("click", (event) => window.groundwire.press(event, trigger));
watch("value", () => window.groundwire.follow(element));
