// Looks words up in the index that stands in the page (render/site/index.py): a word finds those that begin with it.
(() => {
  "use strict";
  const MOST = 40;
  const index = JSON.parse(document.getElementById("index").textContent);
  const input = document.getElementById("words"), found = document.getElementById("found"), list = document.getElementById("results");

  // Terms in order, each told by how many letters it shares with the one before, and what follows those.
  const terms = [];
  for (const text of index.terms) terms.push((terms.at(-1) || "").slice(0, parseInt(text[0], 36)) + text.slice(1));
  // The sections with a term: numbers in base 36 as distances from the one before; ! where it stands in the heading.
  const sections = (text) => {
    const places = [];
    let at = 0;
    for (const piece of text.split(" ")) {
      at += parseInt(piece, 36);
      places.push([at, piece.endsWith("!") ? 8 : 1]);
    }
    return places;
  };
  const first = (word) => {
    let low = 0, high = terms.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (terms[middle] < word) low = middle + 1; else high = middle;
    }
    return low;
  };
  const lookUp = (word) => {
    const weights = new Map();
    for (let at = first(word); at < terms.length && terms[at].startsWith(word); at++)
      for (const [section, weight] of sections(index.places[at])) {
        const value = terms[at] === word ? 3 * weight : weight;
        weights.set(section, Math.max(value, weights.get(section) || 0));
      }
    return weights;
  };
  const search = (text) => {
    const words = text.toLowerCase().match(/[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?/gu) || [];
    const telling = words.filter((word) => !index.common.includes(word));
    if (!telling.length) return null;
    const each = telling.map(lookUp);
    const all = [...each[0].keys()].filter((section) => each.every((weights) => weights.has(section)));
    const sum = (section) => each.reduce((total, weights) => total + weights.get(section), 0);
    return all.sort((a, b) => sum(b) - sum(a) || a - b);
  };
  const item = (section) => {
    const [page, anchor, title, said] = index.sections[section], [href, name] = index.pages[page];
    const li = document.createElement("li"), a = document.createElement("a"), from = document.createElement("span"), p = document.createElement("p");
    a.href = href + (anchor ? "#" + anchor : "");
    a.textContent = title || name;
    from.className = "dim";
    from.textContent = title ? " " + name : "";
    p.textContent = said;
    li.append(a, from, p);
    return li;
  };
  const show = () => {
    const all = search(input.value);
    list.replaceChildren(...(all || []).slice(0, MOST).map(item));
    found.textContent = !all ? "Type a word." : !all.length ? "Nothing has all of these words." : all.length === 1 ? "One place." : `${all.length} places${all.length > MOST ? `, the first ${MOST} of them` : ""}.`;
  };
  document.getElementById("search").addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", () => { history.replaceState(null, "", "?q=" + encodeURIComponent(input.value)); show(); });
  input.value = new URLSearchParams(location.search).get("q") || "";
  show();
})();
