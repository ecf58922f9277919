// Filters of the cases; without it every case is shown.
(() => {
  const filters = document.querySelector(".filters");
  if (!filters) return;
  const [tag, metric, words] = ["by-tag", "by-metric", "by-words"].map((id) => document.getElementById(id));
  const count = document.getElementById("count");
  const cases = [...document.querySelectorAll(".case")].map((node) => ({
    node,
    tags: new Set(JSON.parse(node.dataset.tags)),
    below: new Set(JSON.parse(node.dataset.below)),
    failed: node.classList.contains("failed"),
    text: null,
  }));
  const holds = (one, wanted) => {
    one.text ??= one.node.textContent.toLowerCase();
    return wanted.every((word) => one.text.includes(word));
  };
  const fits = (one, wanted) =>
    (!tag.value || one.tags.has(tag.value)) &&
    (!metric.value || (metric.value === "*failed*" ? one.failed : one.below.has(metric.value))) &&
    holds(one, wanted);
  const show = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const one of cases) {
      one.node.hidden = !fits(one, wanted);
      shown += !one.node.hidden;
    }
    count.textContent = `${shown} of ${cases.length} cases shown, failed and worst first.`;
  };
  const turn = (open) => cases.forEach(({ node }) => { if (!node.hidden) node.open = open; });
  filters.addEventListener("input", show);
  document.getElementById("open-all").addEventListener("click", () => turn(true));
  document.getElementById("close-all").addEventListener("click", () => turn(false));
  document.querySelector(".no-script").hidden = true;
  filters.hidden = false;
  show(); // a browser that comes back to the page fills in what was chosen before
})();
