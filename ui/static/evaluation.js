// Runs once; each report that is then shown is gone to, for the list fills the window: `element` and `watch` are Gradio's.
watch("value", () => window.groundwire.evaluated(element));
