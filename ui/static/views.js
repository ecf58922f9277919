"use strict";
// The address names the view that is open, so that a reload, or logging in again, comes back to it.
(() => {
  const TAB = '#views [role="tab"]';
  const FIRST = "ask";
  const named = (tab) => tab.textContent.trim().toLowerCase();
  const address = () => new URL(location.href);

  const name = (view) => {
    const here = address();
    // An article that the address names would open the library.
    if (view === FIRST && !here.searchParams.has("article")) here.searchParams.delete("tab");
    else here.searchParams.set("tab", view);
    if (here.href !== location.href) history.replaceState(history.state, "", here);
  };
  const open = () => {
    const tab = document.querySelector(`${TAB}[aria-selected="true"]`);
    if (tab) name(named(tab));
  };

  const asked = address().searchParams;
  const wanted = asked.get("tab") ?? (asked.has("article") ? "library" : FIRST);
  const arrived = () => {
    const tabs = [...document.querySelectorAll(TAB)];
    const tab = tabs.find((one) => named(one) === wanted);
    if (tab && tab.ariaSelected !== "true") tab.click();
    new MutationObserver(open).observe(document.querySelector("#views"), {
      subtree: true, attributes: true, attributeFilter: ["aria-selected"],
    });
  };
  // Going back leaves what was looked at before, not the view that is open.
  addEventListener("popstate", open);

  Object.assign(window.groundwire, { arrived });
})();
