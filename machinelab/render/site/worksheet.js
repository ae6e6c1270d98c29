// Answers a worksheet in the page. A reply is brought to one form, a key is made of it (PBKDF2), and the key opens what is
// said to it, if anything is (worksheet/sealing.py). SHA-256 is written out: browsers give theirs to https pages alone.
(() => {
  "use strict";
  const sealed = JSON.parse(document.getElementById("sealed").textContent);
  const forms = [...document.querySelectorAll("form.question")].filter((form) => sealed.questions[form.dataset.question]);
  const utf8 = new TextEncoder();

  // FIPS 180-4 §4.2.2 and §5.3.3: the fractional parts of the roots of the first primes.
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  const part = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
  const K = Int32Array.from(primes, (p) => part(Math.cbrt(p)));
  const START = Int32Array.from(primes.slice(0, 8), (p) => part(Math.sqrt(p)));
  const W = new Int32Array(64);

  const turn = (x, by) => (x >>> by) | (x << (32 - by));
  const compress = (state, view, at) => {
    for (let i = 0; i < 16; i++) W[i] = view.getInt32(at + 4 * i);
    for (let i = 16; i < 64; i++) {
      const a = W[i - 15], b = W[i - 2];
      W[i] = (W[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + W[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    const next = [a, b, c, d, e, f, g, h];
    for (let i = 0; i < 8; i++) state[i] = (state[i] + next[i]) | 0;
    return state;
  };
  // The hash of bytes that come after `before` bytes which `state` stands for already.
  const finish = (state, bytes, before) => {
    const size = Math.ceil((bytes.length + 9) / 64) * 64;
    const padded = new Uint8Array(size);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(size - 4, (bytes.length + before) * 8);
    for (let at = 0; at < size; at += 64) compress(state, view, at);
    const out = new DataView(new ArrayBuffer(32));
    state.forEach((word, i) => out.setInt32(4 * i, word));
    return new Uint8Array(out.buffer);
  };
  const sha256 = (bytes) => finish(START.slice(), bytes, 0);
  // HMAC (RFC 2104) under one key, whose two pads are hashed once.
  const mac = (key) => {
    const short = key.length > 64 ? sha256(key) : key;
    const [inner, outer] = [0x36, 0x5c].map((pad) => {
      const block = new Uint8Array(64).fill(pad);
      short.forEach((byte, i) => { block[i] ^= byte; });
      return compress(START.slice(), new DataView(block.buffer), 0);
    });
    return (text) => finish(outer.slice(), finish(inner.slice(), text, 64), 64);
  };
  const pbkdf2 = (password, salt, rounds) => {
    const under = mac(utf8.encode(password));
    let u = under(new Uint8Array([...salt, 0, 0, 0, 1]));
    const sum = u.slice();
    for (let round = 1; round < rounds; round++) {
      u = under(u);
      for (let i = 0; i < 32; i++) sum[i] ^= u[i];
    }
    return sum;
  };
  const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
  const hex = (data) => [...data].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const mixed = (key, text) => {
    const under = mac(key), count = new DataView(new ArrayBuffer(4));
    let stream;
    return text.map((byte, i) => {
      if (i % 32 === 0) { count.setUint32(0, i / 32); stream = under(new Uint8Array(count.buffer)); }
      return byte ^ stream[i % 32];
    });
  };
  const unseal = (entry, form) => {
    const under = mac(pbkdf2(form, bytes(entry.salt), sealed.rounds));
    const lock = entry.locks[hex(under(utf8.encode("tag")).slice(0, 8))];
    if (!lock) return null;
    const inside = mixed(under(utf8.encode("lock")), bytes(lock));
    const said = bytes(entry.said[inside[32] * 256 + inside[33]]);
    return JSON.parse(new TextDecoder().decode(mixed(inside.slice(0, 32), said)));
  };

  // What a reply is, as worksheet/replies.py reads it. Throws a sentence where it is no answer of the kind.
  const SECONDS = { ns: 1e-9, us: 1e-6, "µs": 1e-6, "μs": 1e-6, ms: 1e-3, s: 1, sec: 1, second: 1, min: 60, minute: 60, h: 3600, hour: 3600, d: 86400, day: 86400, millisecond: 1e-3, microsecond: 1e-6 };
  const NUMBER = /^(?:about|around|ca\.?|~|≈)?\s*([-+]?(?:0x[0-9a-f]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+))\s*([a-zµμ][a-zµμ ]*)?\.?$/;
  const PACKET = /^(?:packets?|event|frame|number|no\.?|nr\.?)?\s*#?\s*([a-z_.-]+:\d+|\d+)\.?$/;
  const number = (text) => {
    const match = NUMBER.exec(text);
    if (!match) throw `“${text}” is not one number. Give a number, like 7 or 0.3 s.`;
    const digits = match[1], unit = (match[2] || "").trim();
    const scale = SECONDS[unit] ?? SECONDS[unit.replace(/s$/, "")] ?? 1;
    if (digits.includes("x")) return (digits[0] === "-" ? -1 : 1) * parseInt(digits.replace(/^[-+]/, ""), 16) * scale;
    const value = Number(digits.replaceAll(",", /^[-+]?[1-9]\d{0,2}(?:,\d{3})+$/.test(digits) ? "" : "."));
    return scale === 1 ? value : Number((value * scale).toPrecision(12));
  };
  // A half goes to the even number, as in Python.
  const even = (x) => { const down = Math.floor(x), rest = x - down; return (rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down) || 0; };
  const name = (text) => {
    let plain = text.split(/\s+/).join(" ").replace(/^[`'"]+|[`'"]+$/g, "");
    plain = sealed.nodes[plain] ?? plain;
    return plain === "." || plain === "<root>" ? "." : plain.replace(/\.$/, "");
  };
  const READ = {
    choice: (text) => text,
    whole: (text) => String(number(text)),
    measured: (text) => {
      const value = number(text);
      return value === 0 ? "0" : (value < 0 ? "-" : "") + even(Math.log(Math.abs(value)) / Math.log(1.005));
    },
    near: (text, entry) => String(even(number(text) / (entry.within / 20))),
    order: (text, entry) => {
      const letters = (text.match(/[a-z]/g) || []).join("");
      const sorted = (word) => [...word].sort().join("");
      if (sorted(letters) !== sorted(entry.letters) || /[^a-z\s,;.<>()→-]/.test(text)) throw `“${text}” is no order of the choices. Give each letter once, like ${[...entry.letters].reverse().join(" ")}.`;
      return letters;
    },
    name,
    word: (text) => ({ y: "yes", true: "yes", n: "no", false: "no" })[name(text)] ?? name(text),
    packet: (text, entry) => {
      const match = PACKET.exec(text);
      if (!match) throw `“${text}” is not one packet's number. Give a number from the packet list, like 5.`;
      const id = match[1].includes(":") ? match[1] : String(Number(match[1]));
      const [source, place] = id.includes(":") ? id.split(":") : ["", id];
      if (!(Number(place) >= 1 && Number(place) <= (entry.events[source] || 0))) throw `This run has no packet ${id}. Give a number from the packet list.`;
      return id;
    },
  };
  const graded = (id, text) => {
    const entry = sealed.questions[id], plain = text.trim().toLowerCase();
    if (!plain) throw "The reply is empty. Give an answer.";
    return unseal(entry, READ[entry.kind](plain, entry));
  };

  const kept = "machinelab/" + sealed.lab + "/" + sealed.origin;
  let right = {};
  try { right = JSON.parse(localStorage.getItem(kept)) || {}; } catch { /* nothing is kept here */ }
  const stand = () => {
    const done = forms.filter((form) => right[form.id]).length;
    document.getElementById("standing").textContent = `${done} of ${forms.length} right.`;
  };
  const show = (form, found) => {
    const output = form.querySelector(".reply");
    output.textContent = "";
    if (typeof found === "string") output.append(found);
    else output.innerHTML = found.html; // written by the kit, opened by the answer
  };
  for (const form of forms) {
    form.classList.add("open");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const reply = new FormData(form).get("reply") || "";
      let found;
      try { found = graded(form.dataset.question, reply) || "Not that. A hint says where to look."; } catch (error) {
        if (typeof error !== "string") throw error;
        found = error;
      }
      show(form, found);
      if (found.ok) {
        right[form.id] = true;
        try { localStorage.setItem(kept, JSON.stringify(right)); } catch { /* as above */ }
      }
      form.classList.toggle("right", found.ok === true);
      stand();
    });
    form.classList.toggle("right", !!right[form.id]);
  }
  stand();
})();
