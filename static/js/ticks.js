// Ticks papers off. The ticks stay on this device, guide by guide, by the papers' words; nothing is sent anywhere.
// Without this, or without storage, the list is a list.
const lists = [...document.querySelectorAll("[data-ticks]")];
const onPaper = document.querySelector("main.sheet") !== null;

if (lists.length) {
  const key = `ticks:${lists[0].dataset.ticks}`;
  const ticked = new Set(read(key));
  const papers = lists.flatMap((list) => [...list.querySelectorAll("[data-paper]")]);
  if (onPaper) for (const paper of papers) paper.classList.toggle("ticked", ticked.has(paper.dataset.paper));
  else begin(key, ticked);
}

function begin(key, ticked) {
  const groups = lists.map((list) => ({ boxes: [...list.querySelectorAll("[data-paper]")].map(box), count: counter(list) }));
  const clear = document.createElement("button");
  clear.type = "button";
  clear.className = "clear-ticks";
  clear.textContent = "清空勾选";
  clear.addEventListener("click", () => {
    ticked.clear();
    update();
    groups[0].boxes[0].focus();
  });
  const foot = document.createElement("p");
  foot.className = "ticks-foot";
  foot.append("勾选只记在这台设备上。", clear);
  lists.at(-1).closest(".case-group").after(foot);
  for (const { boxes } of groups) {
    for (const input of boxes) {
      input.addEventListener("change", () => {
        if (input.checked) ticked.add(input.value);
        else ticked.delete(input.value);
        update();
      });
    }
  }
  update();

  function update() {
    for (const { boxes, count } of groups) {
      for (const input of boxes) {
        input.checked = ticked.has(input.value);
        input.closest("li").classList.toggle("ticked", input.checked);
      }
      const ready = boxes.filter(({ checked }) => checked).length;
      count.textContent = `已备齐 ${ready}/${boxes.length}`;
    }
    foot.hidden = ticked.size === 0;
    write(key, ticked);
  }
}

// The box stands before the paper's words and is named by them; a tap on the words is a tap on the box.
function box(paper) {
  const words = paper.querySelector(".paper");
  const input = document.createElement("input");
  input.type = "checkbox";
  input.className = "tick";
  input.autocomplete = "off";
  input.value = paper.dataset.paper;
  input.setAttribute("aria-labelledby", words.id);
  paper.prepend(input);
  paper.classList.add("can-tick");
  words.addEventListener("click", (event) => {
    const selecting = String(getSelection()) !== "";
    if (!selecting && !event.target.closest("a, button, .term-note")) input.click();
  });
  return input;
}

function counter(list) {
  const count = document.createElement("p");
  count.className = "ticks-count";
  count.setAttribute("role", "status");
  list.before(count);
  return count;
}

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

function write(key, ticked) {
  try {
    if (ticked.size) localStorage.setItem(key, JSON.stringify([...ticked]));
    else localStorage.removeItem(key);
  } catch {
    // Not kept: the ticks last as long as the page.
  }
}
