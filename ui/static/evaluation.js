// Runs once; each report that is then shown is gone to, for the list fills the window: `element` and `watch` are Gradio's.
// The address names what is looked at, so that a reload finds it.
const name = () => {
  const shown = element.querySelector("[data-looking]");
  if (!shown) return;
  const address = new URL(location.href);
  for (const part of ["run", "against"]) {
    if (shown.dataset[part]) address.searchParams.set(part, shown.dataset[part]);
    else address.searchParams.delete(part);
  }
  address.hash = "";
  history.replaceState(history.state, "", address);
};
// A frame that is sent elsewhere while its first document arrives can stay with that one, so another takes its place.
let frame = null;
let source = null;
const renew = () => {
  const shown = element.querySelector("iframe");
  if (shown && shown === frame && shown.getAttribute("src") !== source) shown.replaceWith(shown.cloneNode());
  frame = element.querySelector("iframe");
  source = frame && frame.getAttribute("src");
};
watch("value", () => {
  renew();
  name();
  window.groundwire.evaluated(element);
});
