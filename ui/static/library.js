// Runs once, when Gradio has drawn the list of articles: `element`, `trigger` and `watch` are Gradio's.
// Gradio takes the names of its events from here: "look", "article", "remove", "undo", "ask", "summarise".
const view = document.querySelector("#shelving");
const found = (selector) => view.querySelector(selector);
const chosen = new Set();
let look = { sort: "newest", offset: 0 };
let open = new URLSearchParams(location.search).get("article");
let revision = "", against = "", typing = 0, focus = null;

// What is looked at

const asked = () => ({ ...Object.fromEntries(new FormData(found(".finding"))), ...look });
// Answers may come in another order than what asked for them: each bears its number.
let number = 0, newest = 0;
const overtaken = () => {
  const shown = Number(found("[data-asked]")?.dataset.asked ?? newest);
  newest = Math.max(newest, shown);
  return shown < newest;
};
const list = (change = {}) => {
  Object.assign(look, change);
  trigger("look", { ...asked(), asked: ++number });
};
const narrowed = () => {
  chosen.clear();
  list({ offset: 0 });
};
const read = () => trigger("article", { id: open, revision, against, asked: ++number });
const again = () => (open === null ? list() : read());
window.groundwire.shelved = again;

// The address names the article that is open, so that it can be linked; going back closes it.
const address = (id) => {
  const url = new URL(location.href);
  if (id === null) url.searchParams.delete("article");
  else url.searchParams.set("article", id);
  url.hash = "";
  return url;
};
const show = (id, { push = true } = {}) => {
  open = id;
  revision = against = "";
  if (push) history.pushState(history.state, "", address(id));
  focus = id === null ? null : ".whole .title, .whole button";
  again();
};
addEventListener("popstate", () => {
  const named = new URLSearchParams(location.search).get("article");
  if (named !== open) show(named, { push: false });
});

// What is drawn

const fill = (options) => {
  const field = found(`select[name="${options.dataset.for}"]`);
  const now = field.value;
  const values = [...options.options].map((one) => one.value);
  if (now && !values.includes(now)) values.push(now);
  if (values.join("\n") === [...field.options].slice(1).map((one) => one.value).join("\n")) return;
  field.replaceChildren(field.options[0], ...values.map((value) => new Option(value, value)));
  field.value = now;
};
const count = () => {
  const button = element.querySelector(".bar [data-act='remove']");
  if (!button) return;
  button.disabled = chosen.size === 0;
  button.textContent = chosen.size ? `Remove chosen (${chosen.size})` : "Remove chosen";
};
const drawn = () => {
  element.querySelectorAll("datalist[data-for]").forEach(fill);
  element.querySelectorAll("[data-choose]").forEach((box) => { box.checked = chosen.has(box.dataset.choose); });
  const listing = element.querySelector(".listing");
  if (listing) look = { sort: listing.dataset.sort, offset: Number(listing.dataset.offset) };
  count();
  if (focus) element.querySelector(focus)?.focus({ preventScroll: element.querySelector(".whole") === null });
  focus = null;
  const said = element.querySelector(".extent, .listing .lead");
  if (said) found(".heard").textContent = said.textContent;
};
watch("value", () => (overtaken() ? again() : drawn()));

// What is pressed

const kept = (target) => { focus = `[data-focus="${CSS.escape(target.dataset.focus ?? "")}"]`; };
const acts = {
  sort: (target) => { kept(target); list({ sort: target.dataset.sort, offset: 0 }); },
  page: (target) => {
    if (target.ariaDisabled === "true") return;
    kept(target);
    list({ offset: Number(target.dataset.offset) });
    found(".finding").scrollIntoView({ block: "start" });
  },
  article: (target) => show(target.dataset.id),
  back: () => {
    const left = open;
    show(null);
    focus = `[data-focus="${CSS.escape(`article-${left}`)}"]`;
  },
  clear: () => { found(".finding").reset(); narrowed(); found("[name='query']").focus(); },
  remove: (target) => {
    const ids = target.dataset.id === undefined ? [...chosen] : [target.dataset.id];
    chosen.clear();
    if (open !== null) history.replaceState(history.state, "", address(open = null));
    trigger("remove", { ...asked(), ids });
  },
  undo: (target) => trigger("undo", { ...asked(), key: target.dataset.key }),
  ask: (target) => trigger("ask", { id: target.dataset.id }),
  summarise: (target) => trigger("summarise", { id: target.dataset.id }),
  files: () => found("input.files").click(),
  folder: () => found("input.folder").click(),
  cancel: () => cancel(),
  tidy: () => { found(".report ol").replaceChildren(); found(".report").hidden = true; },
};
view.addEventListener("click", (event) => {
  const target = event.target.closest("[data-act]");
  if (!target || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  acts[target.dataset.act]?.(target);
});
view.addEventListener("input", (event) => {
  if (event.target.name !== "query") return;
  clearTimeout(typing);
  typing = setTimeout(narrowed, 150);
});
view.addEventListener("change", (event) => {
  const target = event.target;
  if (target.matches(".finding select, .finding [type='date']")) narrowed();
  if (target.matches(".drop input")) { send([...target.files].map(chosenFile)); target.value = ""; }
  if (target.dataset.choose !== undefined) {
    chosen[target.checked ? "add" : "delete"](target.dataset.choose);
    count();
  }
  if (target.dataset.pick) {
    if (target.dataset.pick === "revision") [revision, against] = [target.value, ""];
    else [revision, against] = [found("[data-pick='revision']").value, target.value];
    kept(target);
    read();
  }
});
view.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!event.target.matches(".address")) { clearTimeout(typing); narrowed(); return; }
  const field = event.target.elements.address;
  if (field.value.trim()) fetched(field.value.trim());
  field.value = "";
});

// What is brought in: one at a time, so that each has its own progress and its own end

const queue = [];
let sending = null, busy = false;
const told = (line, text, kind = "") => {
  line.querySelector(".became").textContent = text;
  line.className = kind;
};
const listed = (name) => {
  const line = document.createElement("li");
  const parts = [["bdi", "name"], ["progress", ""], ["span", "became"]].map(([tag, kind]) => {
    const part = document.createElement(tag);
    if (kind) part.className = kind;
    return part;
  });
  parts[0].textContent = name;
  parts[1].setAttribute("aria-label", `Progress of ${name}`);
  line.append(...parts);
  found(".report ol").append(line);
  found(".report").hidden = false;
  told(line, "waiting");
  return line;
};
const outcome = (reply) => {
  const parts = [["added", "added"], ["updated", "updated"], ["skipped", "unchanged"]]
    .filter(([key]) => reply[key]).map(([key, said]) => `${reply[key].toLocaleString("en")} ${said}`);
  const failed = reply.failed ?? [], notes = reply.notes ?? [];
  const faults = failed.map((one) => `failed: ${one.line ? `line ${one.line}: ` : ""}${one.error}`);
  return {
    text: [...parts, ...faults, ...notes.map((one) => one.note)].join("; ") || "no article found in it",
    kind: failed.length ? "failed" : "done",
  };
};
const EXPIRED = "failed: your session has expired. Log in again, then add it again.";
const expired = () => {
  document.dispatchEvent(new Event("expired"));
  drop(EXPIRED);
  return EXPIRED;
};
const refused = (request) => {
  if (request.status === 401) return expired();
  try {
    return `failed: ${JSON.parse(request.responseText).error}`;
  } catch {
    return `failed: the server answered ${request.status}. Try again.`;
  }
};
const next = () => {
  if (busy) return;
  const one = queue.shift();
  const sum = found(".report .sum");
  found("[data-act='cancel']").disabled = !one;
  if (!one) {
    const failed = found(".report ol").querySelectorAll(".failed").length;
    sum.textContent = failed ? `Finished; something failed in ${failed} of ${found(".report ol").children.length}.` : "Finished.";
    if (open === null) list();
    return;
  }
  sum.textContent = `${queue.length + 1} to go.`;
  busy = true;
  post(one);
};
const ended = (line, text, kind) => {
  line.querySelector("progress")?.remove();
  told(line, text, kind);
  sending = null;
  busy = false;
  next();
};
const post = ({ line, body, type }) => {
  const request = sending = new XMLHttpRequest();
  const bar = line.querySelector("progress");
  request.open("POST", "api/ingest");
  if (type) request.setRequestHeader("Content-Type", type);
  told(line, type ? "fetching…" : "sending…");
  request.upload.addEventListener("progress", (event) => {
    if (type || !event.lengthComputable) return;
    bar.max = event.total;
    bar.value = event.loaded;
    told(line, `${Math.round((100 * event.loaded) / event.total)} % sent`);
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    told(line, type ? "fetching…" : "reading…");
  });
  request.addEventListener("load", () => {
    if (request.status !== 200) return ended(line, refused(request), "failed");
    let reply = {};
    try {
      reply = JSON.parse(request.responseText);
    } catch {
      return ended(line, "failed: the server's reply could not be read. Try again.", "failed");
    }
    const { text, kind } = outcome(reply);
    ended(line, text, kind);
  });
  // A body that is refused before it is whole may look as if the connection was lost.
  request.addEventListener("error", async () => {
    const probe = await fetch("api/articles?limit=1").catch(() => null);
    ended(line, probe?.status === 401 ? expired() : "failed: the connection was lost. Add it again.", "failed");
  });
  request.addEventListener("abort", () => ended(line, "cancelled", "failed"));
  request.send(body);
};
const drop = (why) => {
  for (const { line } of queue.splice(0)) {
    line.querySelector("progress").remove();
    told(line, why, "failed");
  }
};
const cancel = () => {
  drop("cancelled");
  sending?.abort();
};
const chosenFile = (file) => ({ file, name: file.webkitRelativePath || file.name });
const send = (files) => {
  for (const { file, name } of files) {
    const line = listed(name);
    const largest = Number(found(".adding").dataset.largest);
    const wrong = file.size > largest ? `failed: larger than ${largest / 1e6} MB. Split it, or pack it as .gz.`
      : file.size === 0 ? "failed: the file is empty." : "";
    if (wrong) {
      line.querySelector("progress").remove();
      told(line, wrong, "failed");
      continue;
    }
    const body = new FormData();
    body.append("files", file, file.name);
    queue.push({ line, body });
  }
  next();
};
const fetched = (given) => {
  const body = JSON.stringify({ addresses: [given] });
  queue.push({ line: listed(given), body, type: "application/json" });
  next();
};

// Files and folders dropped anywhere on the view

const unread = (entry) => {
  const line = listed(entry.fullPath.slice(1));
  line.querySelector("progress").remove();
  told(line, "failed: it could not be read from your disk.", "failed");
};
const content = async (entry) => {
  if (entry.isFile) return [{ file: await new Promise((done, fail) => entry.file(done, fail)), name: entry.fullPath.slice(1) }];
  const reader = entry.createReader(), files = [];
  // A folder hands out its entries a hundred at a time.
  for (;;) {
    const entries = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!entries.length) return files;
    for (const one of entries) files.push(...await within(one));
  }
};
// What cannot be read is told of, and the rest goes on.
const within = (entry) => content(entry).catch(() => { unread(entry); return []; });
const over = (event) => event.dataTransfer?.types.includes("Files");
view.addEventListener("dragover", (event) => {
  if (!over(event)) return;
  event.preventDefault();
  found(".adding").open = true;
  found(".drop").classList.add("over");
});
view.addEventListener("dragleave", (event) => {
  if (!view.contains(event.relatedTarget)) found(".drop").classList.remove("over");
});
view.addEventListener("drop", async (event) => {
  if (!over(event)) return;
  event.preventDefault();
  found(".drop").classList.remove("over");
  // Entries can be asked for only until the first wait.
  const entries = [...event.dataTransfer.items].map((one) => one.webkitGetAsEntry()).filter(Boolean);
  const loose = entries.length ? [] : [...event.dataTransfer.files];
  const files = await Promise.all(entries.map(within));
  send([...loose.map(chosenFile), ...files.flat()]);
});
