// Runs once, when Gradio has drawn it: `element` is Gradio's. Fields of days become the browser's own, which are picked
// from a calendar or typed in the reader's order of day, month and year: Gradio's field of dates has no name to be said.
const form = element.closest("#form");
const dated = () => form.querySelectorAll(".day input[type='text']").forEach((field) => (field.type = "date"));
// Gradio draws fields when their code has come, and anew when they are filled from afar.
new MutationObserver(dated).observe(form, { childList: true, subtree: true });
dated();
