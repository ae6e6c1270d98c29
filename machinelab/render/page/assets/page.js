// A walkthrough: where the reader is, and everything that follows. Each `.walk` holds its data (render/page/walk.py, packets.py, moments.py).
(() => {
  "use strict";
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const SVG = "http://www.w3.org/2000/svg";

  const element = (tag, attributes = {}, ...inside) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...inside);
    return made;
  };

  const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

  // ---- the map: a packet that travels along its way ----
  const mapOf = (root) => {
    const box = root.querySelector(".map");
    if (!box) return () => {};
    const svg = box.querySelector("svg"), way = svg.querySelector(".way"), mover = svg.querySelector(".mover");
    const actors = [...svg.querySelectorAll(".actor")];
    let frame = 0;
    const place = (x, y) => {
      mover.setAttribute("cx", x);
      mover.setAttribute("cy", y);
    };
    const follow = ([x, y]) => {
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      box.scrollLeft = x * scale - box.clientWidth / 2;
      box.scrollTop = y * scale - box.clientHeight / 2;
    };
    const along = (points, share) => {
      const legs = points.slice(1).map(([x, y], at) => Math.hypot(x - points[at][0], y - points[at][1]));
      let left = share * legs.reduce((sum, leg) => sum + leg, 0);
      for (let at = 0; at < legs.length; at++) {
        if (left <= legs[at] && legs[at]) {
          const part = left / legs[at], [x, y] = points[at], [toX, toY] = points[at + 1];
          return [x + (toX - x) * part, y + (toY - y) * part];
        }
        left -= legs[at];
      }
      return points[points.length - 1];
    };
    return (flat, ends, bad, lasts) => {
      cancelAnimationFrame(frame);
      const points = [];
      for (let at = 0; at < (flat || []).length; at += 2) points.push([flat[at], flat[at + 1]]);
      way.setAttribute("points", points.join(" "));
      svg.classList.toggle("bad", bad);
      for (const actor of actors) actor.classList.toggle("on", ends.includes(actor.dataset.node));
      if (!points.length) return place(-20, -20);
      const last = points[points.length - 1];
      if (still.matches || points.length === 1) {
        place(...last);
        return follow(last);
      }
      const begun = performance.now();
      const go = (now) => {
        const share = Math.min(1, Math.max(0, (now - begun) / lasts));
        const at = along(points, share < 0.5 ? 2 * share * share : 1 - 2 * (1 - share) * (1 - share));
        place(...at);
        follow(at);
        if (share < 1) frame = requestAnimationFrame(go);
      };
      go(begun);
    };
  };

  // ---- pictures as they were at that moment ----
  const platesOf = (root, known) => {
    const parser = new DOMParser();
    const plates = [...root.querySelectorAll(".plate")].filter((plate) => known.pictures[plate.dataset.picture] && plate.querySelector(".wide"));
    const now = new Map(), whole = new Map(plates.map((plate) => [plate, [...plate.querySelector(".wide").childNodes]]));
    let stop = 0;
    const draw = (number) => {
      const [width, height, words, ...parts] = known.frames[number];
      const text = `<svg xmlns="${SVG}" class="picture" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">${parts.map((part) => known.parts[part]).join("")}</svg>`;
      const svg = document.importNode(parser.parseFromString(text, "image/svg+xml").documentElement, true);
      svg.setAttribute("aria-label", words);
      return svg;
    };
    const depict = () => {
      for (const plate of plates) {
        const frames = known.pictures[plate.dataset.picture];
        const number = frames[Math.min(stop, frames.length - 1)];
        if (now.get(plate) === number) continue;
        now.set(plate, number);
        plate.querySelector(".wide").replaceChildren(number < 0 ? element("p", { class: "dim" }, "Nothing yet.") : draw(number));
      }
    };
    // On paper a picture is as it is at the end.
    matchMedia("print").addEventListener("change", ({ matches }) => {
      now.clear();
      if (matches) for (const plate of plates) plate.querySelector(".wide").replaceChildren(...whole.get(plate));
      else depict();
    });
    return (at) => {
      stop = at;
      depict();
    };
  };

  // ---- plots over time, and lanes: where in them the reader is ----
  const figuresOf = (root) => {
    const lanes = [...root.querySelectorAll("svg")].map((svg) => [...svg.querySelectorAll(".moment")]).filter((rows) => rows.length);
    const cursors = [...root.querySelectorAll(".cursor")];
    return (ms) => {
      for (const rows of lanes) {
        const last = rows.findLastIndex((row) => +row.dataset.ms <= ms + 0.0005);
        rows.forEach((row, at) => (row.classList.toggle("here", at === last), row.classList.toggle("later", at > last)));
        const box = last < 0 ? null : rows[last].closest(".wide");
        if (box) box.scrollTop += rows[last].getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 2;
      }
      for (const cursor of cursors) {
        const { zero, each, left, right } = cursor.dataset, x = +zero + ms * each;
        cursor.setAttribute("transform", `translate(${Math.min(+right, Math.max(+left, x)) + 9} 0)`);
      }
    };
  };

  // ---- fields and bytes ----
  const closelyOf = (root, known, tell) => {
    const pane = root.querySelector(".packet"), fields = pane.querySelector(".fields"), bytes = pane.querySelector(".bytes");
    const pool = bytesOf(known.bytes);
    const title = pane.querySelector("h2");

    const field = ([kind, value, start = 0, length = 0, buffer = 0, about = 0]) => {
      const [name, meaning] = known.kinds[kind].map((text) => known.strings[text]);
      const inside = [element("span", { class: "n" }, name), " ", element("span", { class: "v" }, known.strings[value])];
      if (about && meaning) inside.push(" ", element("span", { class: "d" }, meaning));
      const made = length
        ? element("button", { type: "button", "aria-pressed": "false", "data-s": start, "data-e": start + length, "data-b": buffer }, ...inside)
        : element("span", {}, ...inside);
      if (meaning && !about) made.title = meaning;
      return element("li", about ? { class: "about" } : {}, made);
    };
    const layer = (number) => {
      const [name, open, ...rows] = known.layers[number];
      const list = element("ul");
      let into = list;
      for (const row of rows) {
        if (row.length === 1) {
          into = element("ul");
          list.append(element("li", {}, element("span", { class: "dim" }, known.strings[row[0]]), into));
        } else into.append(field(row));
      }
      const made = element("details", open ? { open: "" } : {}, element("summary", {}, element("strong", {}, known.strings[name])), list);
      return made;
    };
    const cut = ([, , ...where]) => {
      const all = [];
      for (let at = 0; at < where.length; at += 2) all.push(...pool.subarray(where[at], where[at] + where[at + 1]));
      return all;
    };
    const dump = (buffer, place) => {
      const data = cut(buffer), label = `${known.strings[buffer[0]]}, ${buffer[1]} bytes`;
      const pre = element("pre", { class: "hex", tabindex: "0", role: "group", "data-b": place, "aria-label": `${label}; arrow keys go from byte to byte` });
      for (let at = 0; at < data.length; at += 16) {
        const row = data.slice(at, at + 16);
        pre.append(at.toString(16).padStart(4, "0") + "  ");
        row.forEach((byte, i) => pre.append(element("i", { "data-o": at + i }, byte.toString(16).padStart(2, "0")), i === 7 ? "  " : " "));
        pre.append("   ".repeat(16 - row.length) + (row.length <= 7 ? " " : "") + " ");
        row.forEach((byte, i) => pre.append(element("i", { "data-o": at + i }, byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·")));
        pre.append("\n");
      }
      return [element("p", { class: "dim" }, label + (data.length < buffer[1] ? `, the first ${data.length} here` : "")), pre];
    };
    const mark = (button) => {
      for (const other of fields.querySelectorAll("[aria-pressed=true]")) other.setAttribute("aria-pressed", "false");
      if (button) button.setAttribute("aria-pressed", "true");
      const { s, e, b } = button ? button.dataset : { s: 0, e: 0, b: -1 };
      for (const pre of bytes.querySelectorAll(".hex"))
        for (const i of pre.querySelectorAll("i")) i.classList.toggle("m", pre.dataset.b === b && +i.dataset.o >= +s && +i.dataset.o < +e);
    };
    const find = (pre, offset) => {
      let best = null;
      for (const button of fields.querySelectorAll("button[data-s]")) {
        const { s, e, b } = button.dataset;
        if (b === pre.dataset.b && +s <= offset && offset < +e && (!best || e - s <= best.dataset.e - best.dataset.s)) best = button;
      }
      mark(best);
      for (const i of pre.querySelectorAll("i")) i.classList.toggle("cursor", +i.dataset.o === offset);
      if (!best) return tell(`byte ${offset}`);
      for (let up = best.closest("details"); up; up = up.parentElement.closest("details")) up.open = true;
      within(fields, best);
      tell(`byte ${offset}: ${best.querySelector(".n").textContent} ${best.querySelector(".v").textContent}`);
    };
    const within = (box, part) => {
      const outer = box.getBoundingClientRect(), inner = part.getBoundingClientRect();
      if (inner.top < outer.top || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - outer.height / 3;
    };
    pane.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-s]"), byte = event.target.closest("i[data-o]");
      if (button) {
        mark(button);
        const first = bytes.querySelector(".hex i.m");
        if (first) within(bytes, first);
      } else if (byte) find(byte.closest(".hex"), +byte.dataset.o);
    });
    pane.addEventListener("keydown", (event) => {
      const pre = event.target.closest(".hex");
      const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 16, ArrowUp: -16 }[event.key];
      if (!pre || !by) return;
      event.preventDefault();
      event.stopPropagation();
      const count = pre.querySelectorAll("i").length / 2, cursor = pre.querySelector("i.cursor");
      const to = cursor ? Math.max(0, Math.min(count - 1, +cursor.dataset.o + by)) : 0;
      find(pre, to);
      const at = pre.querySelector("i.cursor");
      if (at) within(bytes, at);
    });
    return (id) => {
      const packet = known.packets[id];
      title.textContent = `Fields and bytes of ${id}`;
      if (!packet) {
        fields.replaceChildren(element("p", { class: "dim" }, "Its fields and bytes are not on this page."));
        return bytes.replaceChildren();
      }
      fields.replaceChildren(...packet.f.map(layer));
      bytes.replaceChildren(...packet.b.flatMap(dump));
      fields.scrollTop = bytes.scrollTop = 0;
    };
  };

  // ---- the walk itself ----
  const begin = (root) => {
    const known = JSON.parse(root.querySelector("script.data").textContent);
    const ids = known.rows.map((row) => row[0]);
    if (!ids.length) return;
    root.classList.add("scripted");
    const place = new Map(ids.map((id, at) => [id, at]));
    const stops = known.stops.map((id) => place.get(id));
    const chapters = [...root.querySelectorAll(".story > .chapter")];
    const chapterOf = new Map();
    for (const chapter of root.querySelectorAll(".chapter")) for (const id of chapter.dataset.packets.split(" ")) chapterOf.set(id, chapter);
    const rungs = new Map();
    for (const rung of root.querySelectorAll(".ladder [data-event]"))
      for (const id of [rung.dataset.event, ...(rung.dataset.more || "").split(" ")]) rungs.set(id, rung);
    const cells = new Map([...root.querySelectorAll("tr[data-packet]")].map((row) => [row.dataset.packet, row]));
    const output = root.querySelector(".transport output"), stage = root.querySelector(".stage");
    const where = root.querySelector(".where"), now = root.querySelector(".now");
    const speed = root.querySelector("[data-do=speed]"), every = root.querySelector("[data-do=stops]"), play = root.querySelector("[data-do=play]");
    const tell = (text) => (output.textContent = text);
    const travel = mapOf(root), depict = platesOf(root, known), point = figuresOf(root), look = closelyOf(root, known, tell);
    let here = -1, timer = 0, steering = 0, soon = 0;
    const marked = [], box = root.querySelector(".rungs"), heads = box.querySelector(".heads");

    const way = () => (every.value === "all" ? ids.map((_, at) => at) : stops);
    const mark = (...found) => {
      for (const old of marked.splice(0)) old.classList.remove("here");
      for (const one of found) if (one) marked.push(one), one.classList.add("here");
    };
    const show = (at, { quietly = false, scroll = true } = {}) => {
      if (at === here) return;
      here = at;
      const [id, src, dst, , bad, ms, said] = known.rows[at];
      const rung = rungs.get(id), cell = cells.get(id), chapter = chapterOf.get(id);
      const line = chapter && [...chapter.querySelectorAll("li[data-packets]")].find((li) => li.dataset.packets.split(" ").includes(id));
      mark(rung, cell, chapter, line);
      travel(known.ways[id], [src, dst], !!bad, Math.min(900, 600 * speed.value));
      depict(stops.findLastIndex((stop) => stop <= at) < 0 ? 0 : stops.findLastIndex((stop) => stop <= at));
      point(ms);
      clearTimeout(soon);
      soon = setTimeout(() => look(id), quietly ? 120 : 0);
      if (rung) centre(box, rung.querySelector(".shaft") || rung);
      if (line) centre(line.parentElement, line);
      const told = cell ? [...cell.cells].map((one) => one.textContent) : [id];
      const all = way(), nth = all.indexOf(at) + 1;
      // Everybody sees where they are; a screen reader is told when its reader stepped, not at each turn of the wheel.
      where.textContent = `${id}: ${told[2] || ""}${told[3] ? ", " + told[3] : ""}${nth ? ` (${nth} of ${all.length})` : ""}`;
      now.replaceChildren(element("b", {}, id), " ", told[2] || "", " ", element("span", { class: "step" }, told[3] || ""), element("span", {}, known.said[said] || told[4] || ""));
      if (!quietly) tell(where.textContent);
      if (!scroll) return;
      history.replaceState(null, "", "#p" + id);
      if (chapter) steer(chapter);
    };
    const centre = (box, part) => {
      const outer = box.getBoundingClientRect(), inner = part.getBoundingClientRect();
      box.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
      if (inner.width < outer.width - 90) box.scrollLeft += Math.min(0, inner.left - outer.left - 90) || Math.max(0, inner.right - outer.right + 20);
    };
    const steer = (chapter) => {
      clearTimeout(steering);
      steering = setTimeout(() => (steering = 0), 900);
      const closed = chapter.closest("details:not([open])");
      if (closed) closed.open = true;
      const top = line().top, box = chapter.getBoundingClientRect();
      if (box.top < top || box.top > innerHeight * 0.6) scrollTo({ top: scrollY + box.top - top - 12, behavior: still.matches ? "instant" : "smooth" });
    };
    // Where the reader reads: just below the stage at the story's start, at the window's foot at its end.
    const line = () => ({ top: getComputedStyle(stage).position === "sticky" ? stage.getBoundingClientRect().bottom : 0 });
    const follow = () => {
      if (steering || timer || !chapters.length) return;
      const { top } = line();
      const first = chapters[0].getBoundingClientRect().top, last = chapters[chapters.length - 1].getBoundingClientRect().bottom;
      if (first > innerHeight || last < top) return;
      const room = innerHeight - top, share = Math.min(1, Math.max(0, (top - first) / Math.max(1, last - first - room)));
      const at = top + 20 + share * (room - 60);
      const now = chapters.findLast((chapter) => chapter.getBoundingClientRect().top <= at) || chapters[0];
      if (here >= 0 && chapterOf.get(ids[here]) === now) return;
      show(place.get(now.dataset.packets.split(" ")[0]), { quietly: true, scroll: false });
    };
    const step = (by) => {
      const all = way();
      const next = by > 0 ? all.find((at) => at > here) : all.findLast((at) => at < here);
      if (next === undefined) return stop();
      show(next, { quietly: !!timer && speed.value < 2 });
    };
    const stop = () => {
      clearInterval(timer);
      timer = 0;
      play.setAttribute("aria-pressed", "false");
      play.textContent = "Play";
    };
    const start = () => {
      clearInterval(timer);
      timer = setInterval(() => step(1), speed.value * 1000);
      play.setAttribute("aria-pressed", "true");
      play.textContent = "Pause";
      const all = way();
      if (here >= all[all.length - 1]) show(all[0]);
    };
    const go = (hash) => {
      const at = place.get(decodeURIComponent(hash.slice(2)));
      if (at !== undefined && /^#[epq]/.test(hash)) show(at);
      return at !== undefined;
    };
    // Narrow screens have one of the two beside the text, or none; wide ones have both.
    const beside = (which) => {
      const side = root.querySelector(".closely");
      side.dataset.show = side.dataset.show === which && matchMedia("(max-width: 59.99rem)").matches ? "" : which;
      for (const button of root.querySelectorAll("[data-beside]")) button.setAttribute("aria-pressed", String(button.dataset.beside === side.dataset.show));
    };
    const scale = () => heads.ownerSVGElement.viewBox.baseVal.width / heads.ownerSVGElement.getBoundingClientRect().width;
    box.addEventListener("scroll", () => heads && heads.setAttribute("transform", `translate(0 ${box.scrollTop * scale()})`), { passive: true });
    root.addEventListener("click", (event) => {
      const target = event.target.closest("button, a, tr[data-packet]");
      if (!target) return;
      const asked = target.dataset.do;
      if (target.dataset.beside) return beside(target.dataset.beside);
      if (asked === "back" || asked === "next") stop(), step(asked === "next" ? 1 : -1);
      else if (asked === "play") timer ? stop() : start();
      else if (target.matches("a[href^='#']") && go(target.getAttribute("href"))) stop(), event.preventDefault();
      else if (target.dataset.packet) stop(), show(place.get(target.dataset.packet));
    });
    speed.addEventListener("change", () => timer && start());
    addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by || event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea, .hex")) return;
      event.preventDefault();
      stop();
      step(by);
    });
    addEventListener("scroll", () => requestAnimationFrame(follow), { passive: true });
    addEventListener("hashchange", () => go(location.hash));
    if (matchMedia("(min-width: 60rem)").matches) beside(root.querySelector("[data-beside]").dataset.beside);
    if (!go(location.hash)) show(stops.length ? stops[0] : 0, { quietly: true, scroll: false });
  };

  for (const root of document.querySelectorAll(".walk")) begin(root);
})();
