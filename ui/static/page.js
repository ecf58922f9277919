"use strict";
// What the views of the page share: what is pressed in a result, a conversation that grows, and what is kept of it.
(() => {
  const shared = window.groundwire;
  const opened = new Set();
  const WAITS = "This is asked once the answer before it is there.";

  const named = (details) => {
    const turn = details.closest(".exchange");
    return turn && `${turn.dataset.key}:${[...turn.querySelectorAll("details")].indexOf(details)}`;
  };

  // What the reader has opened stays open while the conversation is drawn anew.
  document.addEventListener("toggle", (event) => {
    const name = event.target.matches("details") && named(event.target);
    if (name) opened[event.target.open ? "add" : "delete"](name);
  }, true);

  const reopen = (conversation) => {
    conversation.querySelectorAll(".exchange details").forEach((details) => {
      if (opened.has(named(details))) details.open = true;
    });
  };

  // The address names the conversation, so that a reload goes on with it.
  const name = (at) => {
    const address = new URL(location.href);
    if ((address.searchParams.get("c") ?? "") === at) return;
    if (at) address.searchParams.set("c", at);
    else address.searchParams.delete("c");
    address.hash = "";
    history.replaceState(null, "", address);
  };

  // Going back leaves the view that was before, not the conversation that is open.
  addEventListener("popstate", () => {
    const turns = document.querySelector("#conversation .turns");
    if (turns) name(turns.dataset.at);
  });

  // What is typed outlasts a reload, such as that after a lost connection, until it is asked.
  const box = () => document.querySelector("#question textarea");
  document.addEventListener("input", (event) => {
    if (event.target === box()) sessionStorage.setItem("draft", event.target.value);
  });
  const redraft = () => {
    const draft = sessionStorage.getItem("draft");
    if (!draft || !box() || box().value) return;
    box().value = draft;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  };

  // One question at a time: what is put while an answer is awaited, whichever window asked for that, waits until it is
  // there, and is asked if it stands in the box still.
  let wanted = null;
  let waiting = null;
  const here = () => document.querySelector("#conversation .turns")?.dataset.at;
  const awaited = () => document.querySelector("#conversation .awaited");
  const wanting = (event) => {
    wanted = box().value;
    if (!wanted.trim() || !awaited()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = { question: wanted, at: here() };
    say(WAITS);
  };
  const goOn = () => {
    if (!waiting || awaited()) return;
    const { question, at } = waiting;
    waiting = null;
    if (question === box().value && at === here()) document.querySelector("#ask").click();
  };
  document.addEventListener("keypress", (event) => {
    if (event.target === box() && event.key === "Enter" && !event.shiftKey) wanting(event);
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest("#ask")) wanting(event);
  }, true);
  // A run that has answered may not have ended yet: Gradio holds a question back for that, even one put twice.
  const put = (question, ...rest) => {
    const stands = question.replace(/\r\n?/g, "\n") === wanted; // as a box has it
    wanted = null;
    return [stands ? question : null, ...rest];
  };

  // A form that was sent is gone: what stands in its place has the keyboard.
  let sent = null;
  const refocus = () => {
    const place = sent && document.querySelector(`#turn-${sent} .judged button`);
    if (!place) return;
    if (document.activeElement === document.body) place.focus();
    sent = null;
  };

  // Goes to a turn once, when it is new: while it grows, the page stays where its reader is.
  const follow = (conversation) => {
    const turns = [...conversation.querySelectorAll(".exchange")];
    const last = turns.at(-1);
    name(conversation.querySelector(".turns")?.dataset.at ?? "");
    reopen(conversation);
    refocus();
    goOn();
    const first = shared.last === undefined;
    if (first) redraft();
    if (!last) shared.last = "";
    if (!last || last.dataset.key === shared.last) return;
    if (!first) sessionStorage.removeItem("draft");
    const linked = first && turns.find((turn) => `#${turn.id}` === location.hash);
    shared.last = last.dataset.key;
    shared.from = null;
    const block = turns.length > 1 || linked ? "start" : "nearest";
    (linked || last).scrollIntoView({ block, behavior: first ? "auto" : shared.behavior() });
  };

  // What is pressed in a result: a number, a question, an article's name, a form to export, or what else can be done.
  const press = (event, trigger) => {
    const target = event.target.closest(
      "[data-number], [data-question], [data-article], [data-form], [data-act], button[data-judge]",
    );
    if (!target) return;
    event.preventDefault();
    const { turn, number, question, article, form, act, judge } = target.dataset;
    if (form) return trigger("export", { turn: Number(turn), form });
    if (act) return trigger(act, { turn: Number(turn) });
    if (judge) return trigger("judge", { turn: Number(turn), right: judge === "right" ? true : null });
    shared.from = target;
    if (question) return trigger("question", { question });
    if (article) return trigger("article", { id: article });
    const shown = shared.panel();
    if (shown && shown.dataset.turn === turn) shared.show(Number(number));
    else trigger("cite", { turn: Number(turn), number: Number(number) });
  };

  const judged = (event, trigger) => {
    const form = event.target.closest("form[data-judge]");
    if (!form) return;
    event.preventDefault();
    const { turn } = form.dataset;
    sent = turn;
    const place = new FormData(form).get(`wrong-${turn}`);
    trigger("judge", { turn: Number(turn), right: false, sentence: place ? Number(place) : null, note: form.note.value });
  };

  // A question put back into the box waits there for its reader.
  const changing = (element) => {
    if (element.querySelector(".changing")) document.querySelector("#question textarea").focus();
  };

  // The arrows go from one view to the next, as screen readers say of tabs.
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest('#views [role="tab"]');
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!tab || !by) return;
    const tabs = [...document.querySelectorAll('#views [role="tab"]')].filter((one) => one.checkVisibility());
    const turn = getComputedStyle(tab).direction === "rtl" ? -by : by;
    const next = tabs[(tabs.indexOf(tab) + turn + tabs.length) % tabs.length];
    next.focus();
    next.click();
  });

  // One line that is read out and is gone after a while.
  const say = (line) => {
    const said = document.querySelector("#said");
    said.textContent = line;
    clearTimeout(shared.saying);
    shared.saying = setTimeout(() => (said.textContent = ""), 4000);
  };

  // Makes a file of a text, on this machine; the address of it is the page's own and is gone at once.
  const save = (text, file, type) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    link.download = file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    say(`Saved as ${file}.`);
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      say("Copied with its sources.");
    } catch {
      // Where the page is not served securely the browser keeps the clipboard shut.
      say("The browser does not let this page copy. Export the answer instead.");
    }
  };

  // A summary: on a phone the form fills the window, so what comes of it is gone to.
  const summarised = (summary) => {
    shared.from = null;
    const shown = summary.querySelector(".summary, .error, .awaited");
    if (shown && shared.narrow.matches) shown.scrollIntoView({ block: "start", behavior: shared.behavior() });
  };

  // A report, or why there is none.
  const evaluated = (shown) => {
    const first = shown.querySelector(".evaluation, .error");
    if (first) first.scrollIntoView({ block: "start", behavior: shared.behavior() });
  };

  Object.assign(shared, { put, press, judged, changing, save, copy, say, follow, summarised, evaluated });
})();
