(() => {
  "use strict";
  const root = document.documentElement;
  const packets = [...document.querySelectorAll(".packet")];
  if (!packets.length) return;
  root.classList.add("scripted");
  const told = packets.filter((p) => p.dataset.told);
  const way = told.length ? told : packets;
  const output = document.querySelector(".steps output");
  let here = null, timer = 0;

  const show = (packet, focus) => {
    if (!packet) return;
    for (const p of packets) p.classList.toggle("here", p === packet);
    for (const e of document.querySelectorAll("[data-event], tr[data-packet]"))
      e.classList.toggle("here", (e.dataset.event || e.dataset.packet) === packet.dataset.packet);
    here = packet;
    output.textContent = packet.dataset.said;
    open(packet);
    if (focus) { packet.scrollIntoView({ block: "nearest" }); packet.querySelector("h3").focus(); }
  };
  const step = (by) => {
    const at = way.indexOf(here);
    const to = at < 0 ? 0 : Math.max(0, Math.min(way.length - 1, at + by));
    if (at === to && timer) play();
    history.replaceState(null, "", "#" + way[to].id);
    show(way[to], false);
  };
  const play = () => {
    if (timer) { clearInterval(timer); timer = 0; } else timer = setInterval(() => step(1), 2500);
    document.querySelector("[data-do=play]").setAttribute("aria-pressed", String(!!timer));
  };
  const open = (packet) => {
    if (packet.dataset.open) return;
    packet.dataset.open = "1";
    for (const pre of packet.querySelectorAll(".hex")) spans(pre);
  };
  // The dump is plain text until somebody looks: here each byte becomes an element of its own.
  const spans = (pre) => {
    const lines = pre.textContent.split("\n");
    pre.textContent = "";
    let offset = 0;
    for (const line of lines) {
      if (!line) continue;
      const cut = line.indexOf("  ");
      const bytes = line.slice(cut + 2, cut + 2 + 49), rest = line.slice(cut + 53);
      pre.append(line.slice(0, cut + 2));
      const first = offset;
      for (const piece of bytes.match(/[0-9a-f]{2}|\s+/g) || []) {
        if (/^\s/.test(piece)) { pre.append(piece); continue; }
        pre.append(byte(piece, offset++));
      }
      pre.append(line.slice(cut + 51, cut + 53));
      let at = first;
      for (const letter of rest) pre.append(at < offset ? byte(letter, at++) : letter);
      pre.append("\n");
    }
  };
  const byte = (text, offset) => {
    const i = document.createElement("i");
    i.textContent = text;
    i.dataset.o = offset;
    return i;
  };
  const mark = (packet, button) => {
    for (const b of packet.querySelectorAll("[aria-pressed]")) b.setAttribute("aria-pressed", String(b === button));
    const start = +button.dataset.s, stop = +button.dataset.e;
    for (const pre of packet.querySelectorAll(".hex")) {
      const inside = pre.dataset.b === button.dataset.b;
      for (const i of pre.querySelectorAll("i")) i.className = inside && +i.dataset.o >= start && +i.dataset.o < stop ? "m" : "";
    }
  };
  const find = (packet, pre, offset) => {
    let best = null;
    for (const b of packet.querySelectorAll("button[data-s]")) {
      const size = b.dataset.e - b.dataset.s;
      if (b.dataset.b === pre.dataset.b && +b.dataset.s <= offset && offset < +b.dataset.e && (!best || size <= best.dataset.e - best.dataset.s)) best = b;
    }
    if (!best) return;
    for (let d = best.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
    mark(packet, best);
    best.scrollIntoView({ block: "center" });
  };
  document.addEventListener("click", (event) => {
    const target = event.target.closest("button, i, a");
    if (!target) return;
    const packet = target.closest(".packet");
    if (target.dataset.do) ({ back: () => step(-1), next: () => step(1), play, all: () => {
      root.classList.toggle("all");
      target.setAttribute("aria-pressed", String(root.classList.contains("all")));
      packets.forEach(open);
    } })[target.dataset.do]();
    else if (target.dataset.s && packet) mark(packet, target);
    else if (target.tagName === "I" && packet) find(packet, target.closest(".hex"), +target.dataset.o);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("button, summary, input") && event.key === " ") return;
    if (event.key === "ArrowRight" || event.key === " ") { event.preventDefault(); step(1); }
    if (event.key === "ArrowLeft") { event.preventDefault(); step(-1); }
  });
  addEventListener("hashchange", () => show(document.getElementById(location.hash.slice(1)), true));
  show(document.getElementById(location.hash.slice(1)) || way[0], false);
})();
