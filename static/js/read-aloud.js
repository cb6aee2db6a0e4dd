// Reads a guide aloud, section by section, when somebody asks for it. Where the browser cannot speak there is no button.
const SECTIONS = "main h1, main section[id]";
const SKIPPED = "[hidden], .hidden, script, style, form, nav, button, input, select, textarea, details:not([open]) > :not(summary), [aria-hidden='true']";
const DIGITS = "零一二三四五六七八九";
const LONGEST = 160; // characters at a time: some browsers fall silent in the middle of a longer text

const bar = document.getElementById("read-aloud");
const speech = window.speechSynthesis;
let waiting = [];
let kept = null; // browsers forget an utterance nobody holds

if (bar && speech && "SpeechSynthesisUtterance" in window) offer();

function offer() {
  const [start, stop] = bar.querySelectorAll("button");
  const say = bar.querySelector("[role=status]");
  start.addEventListener("click", () => {
    halt();
    waiting = [...document.querySelectorAll(SECTIONS)].flatMap(pieces);
    begin(start, stop, say);
    next(() => end(start, stop, say, "读完了"));
  });
  stop.addEventListener("click", () => {
    halt();
    end(start, stop, say, "已停止");
    start.focus();
  });
  addEventListener("pagehide", halt);
  bar.hidden = false;
}

function begin(start, stop, say) {
  start.hidden = true;
  stop.hidden = false;
  stop.focus();
  say.textContent = "正在朗读";
}

function end(start, stop, say, words) {
  const wasOnStop = document.activeElement === stop;
  start.hidden = false;
  stop.hidden = true;
  if (wasOnStop) start.focus();
  say.textContent = words;
}

function halt() {
  waiting = [];
  kept = null;
  speech.cancel();
}

function next(finished) {
  const text = waiting.shift();
  if (!text) return finished();
  const piece = new SpeechSynthesisUtterance(text);
  piece.lang = "zh-CN";
  piece.voice = speech.getVoices().find((voice) => voice.lang.replace("_", "-").startsWith("zh-CN")) ?? null;
  piece.rate = 0.9;
  piece.onend = () => kept === piece && next(finished);
  piece.onerror = () => kept === piece && finished();
  kept = piece;
  speech.speak(piece);
}

// What a section says, in pieces short enough for every browser.
function pieces(section) {
  if (section.checkVisibility?.() === false) return [];
  const copy = section.cloneNode(true);
  for (const left of copy.querySelectorAll(SKIPPED)) left.remove();
  for (const phone of copy.querySelectorAll("a[href^='tel:']")) phone.textContent = `${spoken(phone.textContent)}，`;
  for (const block of copy.querySelectorAll("p, li, dt, dd, h2, h3, tr, th, td, div")) block.append("。");
  return split(copy.textContent);
}

// A number as it is said on the telephone: digit by digit, the parts with a pause.
function spoken(number) {
  return number.replace(/\d/g, (digit) => DIGITS[digit]).replace(/-/g, "，");
}

function split(text) {
  const sentences = text.replace(/\s+/g, "").replace(/\d{3,4}-\d{7,8}/g, spoken).replace(/([。；，：！？])。+/g, "$1").replace(/^。+/, "").match(/[^。；！？]+[。；！？]?/g) ?? [];
  return sentences.flatMap((sentence) => sentence.match(new RegExp(`.{1,${LONGEST}}`, "gu")));
}
