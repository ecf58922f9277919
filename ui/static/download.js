// Runs once; each text that the server sends then becomes a file or is copied: `element` and `watch` are Gradio's.
watch("value", () => {
  const sent = element.querySelector("[data-name], [data-copy]");
  if (!sent) return;
  if (sent.dataset.copy) window.groundwire.copy(sent.textContent);
  else window.groundwire.save(sent.textContent, sent.dataset.name, sent.dataset.type);
});
