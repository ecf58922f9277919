// Runs once, when Gradio has drawn the conversation: `element`, `trigger` and `watch` are Gradio's.
element.addEventListener("click", (event) => {
  const target = event.target.closest("[data-number], [data-question], [data-article]");
  if (!target) return;
  event.preventDefault();
  const { turn, number, question, article } = target.dataset;
  window.groundwire.from = target;
  if (question) return trigger("question", { question });
  if (article) return trigger("article", { id: article });
  const shown = document.querySelector("#panel .sources");
  if (shown && shown.dataset.turn === turn) window.groundwire.show(Number(number));
  else trigger("cite", { turn: Number(turn), number: Number(number) });
});
watch("value", () => window.groundwire.follow(element));
