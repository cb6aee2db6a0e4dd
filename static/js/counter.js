// Finds a matter while a clerk types, in this browser alone: by its names, by pinyin, by initials. Keys print it or open
// its notice; what was printed and the last binder are remembered in this browser. Without this the list is a list.
const MOST = 8; // matters shown for some words, and things printed last
const WAIT = 200; // milliseconds after the last key before the site is asked
const NONE = [];
const layout = document.querySelector("[data-counter]");

if (layout) begin(layout);

function begin(layout) {
  const { names, readings: said } = JSON.parse(document.getElementById("counter-words").textContent);
  const readings = Object.fromEntries(Object.entries(said).map(([character, sounds]) => [character, sounds.split(" ")]));
  const lines = [...layout.querySelectorAll("[data-shelves] [data-slug]")];
  const search = layout.querySelector("[data-search]");
  const input = search.querySelector("input[name=q]");
  const found = search.querySelector("[data-found]");
  const status = search.querySelector("[data-status]");
  const matters = lines.map((line) => ({ line, texts: [line.dataset.name, ...(names[line.dataset.slug] ?? [])].map(plain) }));
  let current = -1;
  let timer = 0;

  search.querySelector("[data-submit]").hidden = true;
  search.querySelector("[data-keys]").hidden = false;
  search.addEventListener("submit", (event) => event.preventDefault());
  input.focus({ preventScroll: true });
  input.addEventListener("input", (event) => event.isComposing || show());
  input.addEventListener("compositionend", show);
  input.addEventListener("keydown", onKey);
  layout.addEventListener("click", ({ target }) => remember(target.closest("[data-print], [data-notice]")));
  addEventListener("pageshow", show); // a browser may come back with words in the box
  remembered(layout, lines);
  binder(layout, lines);

  function onKey(event) {
    if (event.isComposing || event.keyCode === 229) return; // 229: a key the input method has taken
    if (event.key === "Escape") return input.value && (event.preventDefault(), (input.value = ""), show());
    const chosen = found.children[current];
    const { key } = event;
    if (event.altKey || event.metaKey || !chosen) return;
    if (key === "ArrowDown" && !event.ctrlKey) choose((current + 1) % found.children.length);
    else if (key === "ArrowUp" && !event.ctrlKey) choose((current + found.children.length - 1) % found.children.length);
    else if (key === "F2" || (key === "Enter" && event.ctrlKey)) go(chosen.querySelector("[data-notice]"));
    else if (key === "Enter") go(chosen.querySelector("[data-print]"), "#print");
    else return;
    event.preventDefault();
  }

  function go(link, then = "") {
    remember(link);
    location.assign(link.href + then);
  }

  function show() {
    const words = plain(input.value);
    const exact = words ? rank(words, matters, readings) : [];
    list(words, exact.length ? exact : near(words, matters));
    clearTimeout(timer);
    if (words && !exact.length) timer = setTimeout(ask, WAIT, input.value);
  }

  // The site's own search understands whole sentences; without a line to it the near ones stay.
  async function ask(typed) {
    const answer = await fetch(`${search.dataset.suggest}?q=${encodeURIComponent(typed.trim())}`).catch(() => null);
    const entries = answer?.ok ? await answer.json() : [];
    const meant = entries.flatMap(({ label }) => matters.filter(({ texts }) => texts.includes(plain(label))));
    if (meant.length && typed === input.value) list(typed, meant);
  }

  function list(words, best) {
    found.replaceChildren(...best.map(({ line }) => line.cloneNode(true)));
    found.hidden = best.length === 0;
    search.querySelector("[data-nothing]").hidden = !words || best.length > 0;
    layout.querySelector("[data-shelves]").hidden = best.length > 0;
    choose(best.length ? 0 : -1);
  }

  function choose(place) {
    current = place;
    const rows = [...found.children];
    rows.forEach((row, index) => row.classList.toggle("current", index === place));
    rows[place]?.scrollIntoView({ block: "nearest" });
    status.textContent = rows[place] ? `${rows[place].dataset.name}，第 ${place + 1} 项，共 ${rows.length} 项` : "";
  }

  function remember(link) {
    if (!link) return;
    const { slug } = link.closest("[data-slug]").dataset;
    const kind = "notice" in link.dataset ? "notice" : "print";
    const others = printed(layout).filter((entry) => entry.slug !== slug || entry.kind !== kind);
    write(keyOf("printed", layout), [{ slug, kind }, ...others].slice(0, MOST));
  }
}

// --- Finding

function plain(words) {
  return words.normalize("NFKC").toLowerCase().replace(/[\s，。、（）()《》/]+/g, "");
}

// The matters of which a name has the words, best first.
function rank(words, matters, readings) {
  return best(matters, 6, (text, which) => spelled(words, text, readings) + (which === 0 ? 6 : 0));
}

// The matters of which a name shares half of the words' pairs of neighbours.
function near(words, matters) {
  return best(matters, 0.5, (text) => shared(words, text));
}

function best(matters, least, score) {
  const scored = matters.map((matter, place) => ({ ...matter, place, score: Math.max(...matter.texts.map(score)) }));
  return scored.filter((matter) => matter.score > least).sort((one, other) => other.score - one.score || one.place - other.place).slice(0, MOST);
}

// How well a text has the words: whole, at its beginning or inside; typed, spelled (zhuyuan) or by initials (zy). 0: not.
function spelled(words, text, readings) {
  let best = 0;
  for (let start = 0; start < text.length; start += 1) {
    const typed = text.startsWith(words, start);
    const end = typed ? start + words.length : reach(words, 0, text, start, readings);
    if (end < 0) continue;
    const whole = start === 0 && end === text.length;
    best = Math.max(best, (whole ? 100 : start === 0 ? 70 : 50) + (typed ? 10 : 0) - (text.length - (end - start)) / 2);
  }
  return best;
}

// Where the words end in the text when each character stands for itself, for one of its readings or its initial (the
// last one for any beginning: somebody is still typing); -1: nowhere.
function reach(words, from, text, place, readings) {
  if (from === words.length) return place;
  if (place === text.length) return -1;
  for (const step of steps(words, from, text[place], readings)) {
    const end = reach(words, from + step, text, place + 1, readings);
    if (end >= 0) return end;
  }
  return -1;
}

// How many of the words' letters one character may stand for.
function steps(words, from, character, readings) {
  const found = words[from] === character ? [1] : [];
  for (const reading of readings[character] ?? NONE) {
    if (reading[0] !== words[from]) continue;
    const length = common(words, from, reading);
    if (length === reading.length || from + length === words.length) found.push(length);
    if (length > 1 && /^[zcs]h/.test(reading)) found.push(2);
    found.push(1);
  }
  return found;
}

function common(words, from, reading) {
  let length = 0;
  while (length < reading.length && words[from + length] === reading[length]) length += 1;
  return length;
}

// The share of the words' pairs of neighbours that the text has.
function shared(words, text) {
  const pairs = [...words].slice(1).map((_, index) => words.slice(index, index + 2));
  return pairs.length ? pairs.filter((pair) => text.includes(pair)).length / pairs.length - text.length / 1000 : 0;
}

// --- What this browser remembers

function remembered(layout, lines) {
  const box = layout.querySelector("[data-recent]");
  const bySlug = new Map(lines.map((line) => [line.dataset.slug, line]));
  const entries = printed(layout).filter(({ slug }) => bySlug.has(slug));
  box.hidden = entries.length === 0;
  box.querySelector("[data-recent-list]").replaceChildren(...entries.map(({ slug, kind }) => entry(bySlug.get(slug), kind)));
  box.querySelector("[data-clear]").onclick = () => {
    write(keyOf("printed", layout), []);
    remembered(layout, lines);
    document.getElementById("counter-q").focus();
  };
}

function entry(line, kind) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  item.dataset.slug = line.dataset.slug;
  link.href = line.querySelector(`[data-${kind}]`).href;
  link.dataset[kind] = "";
  link.textContent = `${kind === "notice" ? "告知单" : "打印"}：${line.dataset.name}`;
  item.append(link);
  return item;
}

function binder(layout, lines) {
  const box = layout.querySelector("[data-binder]");
  const whole = box?.querySelector("[data-booklet]");
  if (!whole) return;
  const key = keyOf("binder", layout);
  whole.addEventListener("click", () => write(key, { version: Number(box.dataset.binder), day: new Date().toLocaleDateString("zh-CN") }));
  const { version, day } = read(key) ?? {};
  if (!Number.isInteger(version)) return;
  const changed = lines.filter((line) => Number(line.dataset.version) > version).length;
  const last = box.querySelector("[data-last]");
  last.hidden = false;
  last.append(`上次装订：${day}。`);
  if (!changed) return last.append("之后没有改动。");
  const link = document.createElement("a");
  link.href = `${whole.getAttribute("href")}?since=${version}`;
  link.textContent = `之后有改动的页（${changed} 项，PDF）`;
  last.append(link);
}

function keyOf(what, layout) {
  return `${what}:${layout.dataset.counter}`;
}

function printed(layout) {
  const kept = read(keyOf("printed", layout));
  return Array.isArray(kept) ? kept.filter(({ kind }) => kind === "print" || kind === "notice").slice(0, MOST) : [];
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Not kept: nothing else depends on it.
  }
}
