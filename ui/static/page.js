"use strict";
// What both parts of the page share: showing a quote, coming back from it, keeping the newest turn in view.
window.groundwire = (() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const behavior = () => (calm.matches ? "auto" : "smooth");
  const narrow = matchMedia("(max-width: 859px)");
  const panel = () => document.querySelector("#panel .sources");
  const state = { from: null };

  // Scrolls inside the article's own box, so that the page itself stays where it is.
  const centre = (mark) => {
    const box = mark.closest(".article-text");
    const top = mark.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
    box.scrollTo({ top: Math.max(0, top - box.clientHeight / 3), behavior: behavior() });
  };

  const select = (number) => {
    const root = panel();
    if (!root) return null;
    const holds = (node) => node.dataset.numbers.split(" ").includes(String(number));
    const marks = [...root.querySelectorAll("mark")];
    marks.forEach((mark) => mark.classList.toggle("current", holds(mark)));
    const first = marks.find(holds);
    if (!first) return null;
    const card = first.closest("details");
    if (card) card.open = true;
    centre(first);
    document.querySelectorAll("a.cite").forEach((link) => {
      const here = link.dataset.turn === root.dataset.turn && link.dataset.number === String(number);
      link.classList.toggle("current", here);
    });
    return first;
  };

  const show = (number) => {
    const mark = select(number);
    if (!mark) return;
    const card = mark.closest(".card") || panel();
    if (narrow.matches) card.scrollIntoView({ block: "start", behavior: behavior() });
    else card.scrollIntoView({ block: "nearest", behavior: behavior() });
    mark.focus({ preventScroll: true });
  };

  const back = () => {
    const link = state.from && state.from.isConnected ? state.from : document.querySelector("#question textarea");
    if (!link) return;
    link.scrollIntoView({ block: "center", behavior: behavior() });
    link.focus({ preventScroll: true });
  };

  // New sources: those of a pressed number are gone to; those of a new answer wait beside it.
  const opened = () => {
    const root = panel();
    if (!root) return;
    const number = Number(root.dataset.current);
    if (state.from && number) show(number);
    else if (number) select(number);
    else if (narrow.matches) root.scrollIntoView({ block: "start", behavior: behavior() });
  };

  const follow = (conversation) => {
    const turns = conversation.querySelectorAll(".exchange");
    if (!turns.length) return;
    state.from = null;
    turns[turns.length - 1].scrollIntoView({ block: turns.length > 1 ? "start" : "nearest", behavior: behavior() });
  };

  // What is pressed in a result: a number, a question, an article's name or a form to export.
  const press = (event, trigger) => {
    const target = event.target.closest("[data-number], [data-question], [data-article], [data-form]");
    if (!target) return;
    event.preventDefault();
    const { turn, number, question, article, form } = target.dataset;
    if (form) return trigger("export", { turn: Number(turn), form });
    state.from = target;
    if (question) return trigger("question", { question });
    if (article) return trigger("article", { id: article });
    const shown = panel();
    if (shown && shown.dataset.turn === turn) show(Number(number));
    else trigger("cite", { turn: Number(turn), number: Number(number) });
  };

  // Makes a file of a text, on this machine; the address of it is the page's own and is gone at once.
  const save = (text, name, type) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };

  // A summary: on a phone the form fills the window, so what comes of it is gone to.
  const summarised = (summary) => {
    state.from = null;
    const shown = summary.querySelector(".summary, .error, .awaited");
    if (shown && narrow.matches) shown.scrollIntoView({ block: "start", behavior: behavior() });
  };

  // A report, or why there is none.
  const evaluated = (shown) => {
    const first = shown.querySelector(".evaluation, .error");
    if (first) first.scrollIntoView({ block: "start", behavior: behavior() });
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest("#panel")) back();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest(".back")) back();
  });

  return Object.assign(state, { press, save, opened, follow, summarised, evaluated });
})();
