// Suggestions under a search box (ARIA combobox with a list). Without this the form works as it is.
const WAIT = 150; // milliseconds after the last key before asking

for (const input of document.querySelectorAll("input[data-suggest]")) offer(input);

function offer(input) {
  const list = document.createElement("ul");
  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "搜索建议");
  list.hidden = true;
  const anchor = document.createElement("span");
  anchor.className = "suggest-anchor";
  input.replaceWith(anchor);
  anchor.append(input, list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  input.autocomplete = "off";

  let timer = 0;
  let asked = "";
  let current = -1;

  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("compositionend", () => {
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    const options = [...list.children];
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // the first Escape closes the list; it does not clear the words
      close();
    }
    if (list.hidden || !options.length || event.isComposing) return;
    if (event.key === "ArrowDown") move((current + 1) % options.length);
    else if (event.key === "ArrowUp") move((current + options.length) % (options.length + 1) - 1);
    else if (event.key === "Enter" && current >= 0) options[current].firstChild.click();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => setTimeout(close, 200));

  async function ask() {
    const words = input.value.trim();
    asked = words;
    if (!words) return close();
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(words)}`);
      const entries = answer.ok ? await answer.json() : [];
      if (asked === words) show(entries);
    } catch {
      close();
    }
  }

  function show(entries) {
    current = -1;
    list.replaceChildren(...entries.map(option));
    list.hidden = entries.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  }

  function option(entry, index) {
    const item = document.createElement("li");
    item.id = `${list.id}-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const link = document.createElement("a");
    link.href = atThePlaceOf(input.form, entry.url);
    link.tabIndex = -1;
    link.textContent = entry.label;
    const note = document.createElement("span");
    note.textContent = entry.note;
    link.append(note);
    item.append(link);
    return item;
  }

  function move(to) {
    current = to;
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === to)));
    if (to < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", list.children[to].id);
  }

  function close() {
    list.hidden = true;
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
}

// A suggested search keeps the place the form has.
function atThePlaceOf(form, address) {
  const url = new URL(address, location.href);
  if (!form || url.pathname !== new URL(form.action).pathname) return address;
  const fields = new FormData(form);
  for (const name of ["city", "county"]) {
    if (fields.get(name)) url.searchParams.set(name, fields.get(name));
  }
  return url.pathname + url.search;
}
