"use strict";
// What the page says when the server does not answer as it should: it cannot be reached, a session that expired, too many
// questions at once, what cannot be done, a fault of ours.
(() => {
  const LOST = "The server does not answer. It may be starting anew; try again in a moment.";
  const EXPIRED = "Your session has expired.";
  const CALLS = /^\/gradio_api\/(run|call|queue)\//;
  let lost = false;

  const told = (line, action) => {
    const notice = document.querySelector("#notice");
    notice.textContent = line;
    if (action) notice.append(" ", action);
    lost = line === LOST;
  };

  // Logging in leads back to what the address names: the view, the conversation, the summary, the article.
  const door = () => `/login?expired&next=${encodeURIComponent(location.pathname + location.search)}`;
  const again = () => {
    const link = document.createElement("a");
    link.href = door();
    link.textContent = "Log in again";
    return link;
  };
  // Gradio asks every second whether a lost server is there again: the link is not drawn anew under the reader's finger.
  const expired = () => {
    const link = document.querySelector("#notice a");
    if (link) link.href = door();
    else told(EXPIRED, again());
  };

  const line = async (reply, otherwise) => {
    try {
      return (await reply.clone().json()).error || otherwise;
    } catch {
      return otherwise;
    }
  };

  const explain = async (reply) => {
    const { pathname } = new URL(reply.url);
    if (reply.status === 401) expired();
    else if (reply.status === 429 || reply.status === 503) told(await line(reply, "Busy. Try again in a moment."));
    else if (reply.status === 413) told(await line(reply, "That is larger than this page takes."));
    else if (reply.status === 404 && CALLS.test(pathname)) told(await line(reply, "The server was renewed. Load the page anew."));
    // Gradio tells the errors of what waits in its queue, and is silent of those of what does not.
    else if (reply.status === 500) told(await line(reply, "Something went wrong. The server's terminal has the details; try again."));
  };

  // Every request of the page passes here, those of Gradio's too.
  const fetched = window.fetch.bind(window);
  window.fetch = async (...asked) => {
    let reply;
    try {
      reply = await fetched(...asked);
    } catch (error) {
      if (error.name !== "AbortError" && !lost) told(LOST);
      throw error;
    }
    if (!reply.ok && new URL(reply.url).origin === location.origin) explain(reply);
    else if (lost) told("");
    return reply;
  };

  // An upload is sent by other means, which tell its progress; it says so where its session has expired.
  document.addEventListener("expired", expired);
  document.addEventListener("click", (event) => {
    if (event.target.closest("#views button, #panel button")) told("");
  });
})();
