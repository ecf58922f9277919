"use strict";
// Showing a quote in its article, going from one to the next, and coming back from it.
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

  const numbers = (root) => {
    const held = [...root.querySelectorAll("mark")].flatMap((mark) => mark.dataset.numbers.split(" ").map(Number));
    return [...new Set(held)].sort((one, other) => one - other);
  };

  const select = (number, centred = true) => {
    const root = panel();
    if (!root) return null;
    const holds = (node) => node.dataset.numbers.split(" ").includes(String(number));
    const marks = [...root.querySelectorAll("mark")];
    marks.forEach((mark) => mark.classList.toggle("current", holds(mark)));
    const first = marks.find(holds);
    if (!first) return null;
    state.number = number;
    const card = first.closest("details");
    if (card) card.open = true;
    if (centred) centre(first);
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
    card.scrollIntoView({ block: narrow.matches ? "start" : "nearest", behavior: behavior() });
    mark.focus({ preventScroll: true });
  };

  // The next quote in the order of the numbers, or the one before; round at the ends.
  const step = (by) => {
    const root = panel();
    const all = root ? numbers(root) : [];
    if (!all.length) return;
    const place = all.indexOf(state.number);
    show(all[(Math.max(place, 0) + by + all.length) % all.length]);
  };

  const back = () => {
    const link = state.from && state.from.isConnected ? state.from : document.querySelector("#question textarea");
    if (!link) return;
    link.scrollIntoView({ block: "center", behavior: behavior() });
    link.focus({ preventScroll: true });
  };

  // New sources: those of a pressed number are gone to; those of a new answer wait beside it. What is there already,
  // and only grows with the answer, stays where its reader has scrolled it.
  const opened = () => {
    const root = panel();
    if (!root) return;
    const number = Number(root.dataset.current);
    const known = state.root === `${root.dataset.turn}:${number}`;
    state.root = `${root.dataset.turn}:${number}`;
    if (state.from && number) show(number);
    else if (number) select(known ? (state.number ?? number) : number, !known);
    else if (narrow.matches) root.scrollIntoView({ block: "start", behavior: behavior() });
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest("#panel, a.cite")) return;
    if (event.key === "Escape" && event.target.closest("#panel")) back();
    else if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest(".back")) back();
    const stepped = event.target.closest("[data-step]");
    if (stepped) step(Number(stepped.dataset.step));
  });

  return Object.assign(state, { behavior, narrow, panel, show, opened });
})();
