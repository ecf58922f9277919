// Runs once, when Gradio has drawn how far a run has come: `element`, `trigger` and `watch` are Gradio's.
// Gradio takes the names of its events from here: "broken".
// A run ends with the connection that awaits it, and the page is then loaded anew: what it was at is said there.
if (sessionStorage.getItem("running")) trigger("broken", {});
watch("value", () => {
  if (element.querySelector(".awaited")) sessionStorage.setItem("running", "yes");
  else sessionStorage.removeItem("running");
});
