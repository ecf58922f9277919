// Runs once; each text that the server sends then becomes a file: `element` and `watch` are Gradio's.
watch("value", () => {
  const sent = element.querySelector("[data-name]");
  if (sent) window.groundwire.save(sent.textContent, sent.dataset.name, sent.dataset.type);
});
