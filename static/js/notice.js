// Ticks at once what is missing: the slip and the address follow, from the keyboard too. Without this the form does it.
const form = document.querySelector("[data-notice]");

if (form) begin(form);

function begin(form) {
  const boxes = [...form.querySelectorAll("input[name=missing]")];
  const two = form.querySelector("input[name=copies]");
  const slips = document.querySelector("[data-slips]");
  const status = form.querySelector("[data-status]");
  const back = document.querySelector("[data-back]");
  const keys = {
    Enter: print,
    Escape: clear,
    c: () => turn(two),
    b: () => back && location.assign(back.href),
    ...Object.fromEntries(boxes.filter(pressed).map((box) => [pressed(box), () => turn(box)])),
  };

  for (const help of document.querySelectorAll("[data-key-help], [data-print], [data-clear]")) help.hidden = false;
  form.querySelector("[data-show]").hidden = true;
  form.querySelector("[data-print]").addEventListener("click", print);
  form.querySelector("[data-clear]").addEventListener("click", clear);
  form.addEventListener("change", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("beforeprint", date);
  document.addEventListener("keydown", onKey);
  addEventListener("pageshow", update); // a browser may come back with other ticks than the address has
  date();
  update();

  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (isTyping(event.target) || (event.key === "Enter" && event.target.closest("a, button, summary"))) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    if (!event.repeat) act();
  }

  function turn(box) {
    box.checked = !box.checked;
    update();
  }

  function clear() {
    for (const box of boxes) box.checked = false;
    update();
  }

  function print() {
    if (boxes.some(({ checked }) => checked)) window.print();
    else say("请先勾选缺少的材料，再打印。");
  }

  function update() {
    const ticked = boxes.filter(({ checked }) => checked);
    const names = new Set(ticked.map(({ value }) => value));
    const asked = form.dataset.case || onlyCase(ticked);
    if (!two.checked) slips.replaceChildren(slips.firstElementChild);
    else if (slips.children.length < 2) slips.append(slips.firstElementChild.cloneNode(true));
    for (const line of slips.querySelectorAll("[data-key]")) line.hidden = !names.has(line.dataset.key);
    for (const limit of slips.querySelectorAll("[data-limit]")) limit.hidden = !isFor(limit, asked);
    for (const words of slips.querySelectorAll("[data-slip-case]")) words.textContent = asked && `（${asked}）`;
    slips.hidden = ticked.length === 0;
    document.querySelector("[data-nothing]").hidden = ticked.length > 0;
    say("");
    keep(ticked);
  }

  function keep(ticked) {
    const of = (name) => {
      const query = new URLSearchParams();
      if (name) query.set("case", name);
      for (const box of ticked) if (isFor(box, name)) query.append("missing", box.value);
      if (two.checked) query.set("copies", "2");
      return [form.getAttribute("action"), `${query}`].filter(Boolean).join("?");
    };
    const address = of(form.dataset.case);
    if (address !== location.pathname + location.search) history.replaceState(null, "", address);
    for (const link of document.querySelectorAll("a[data-case]")) link.setAttribute("href", of(link.dataset.case));
  }

  function say(words) {
    status.textContent = words;
  }
}

function pressed(box) {
  return box.dataset.press;
}

function isTyping(element) {
  return element.closest("textarea, select, [contenteditable]") || (element.matches("input") && !/^(checkbox|radio|button|submit)$/.test(element.type));
}

function isFor(element, name) {
  return !name || !element.dataset.choices || element.dataset.choices.split("|").includes(name);
}

// The one case that needs the papers which not everybody brings: the slip is for it, though nobody asked.
function onlyCase(ticked) {
  const cases = new Set(ticked.map(({ dataset }) => dataset.choices).filter(Boolean));
  const [names = ""] = cases.size === 1 ? cases : [];
  return names.includes("|") ? "" : names;
}

// The server has no clock: the day of printing is the day on this machine. Without this the blank is filled by hand.
function date() {
  const today = new Date();
  const words = `${today.getFullYear()} 年 ${today.getMonth() + 1} 月 ${today.getDate()} 日`;
  for (const blank of document.querySelectorAll("[data-date]")) blank.textContent = words;
}
