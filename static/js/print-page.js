// The server has no clock: the day of printing is the day on this machine. Without this the blank is filled by hand.
const blank = document.getElementById("print-date");
if (blank) {
  const today = new Date();
  blank.textContent = `${today.getFullYear()} 年 ${today.getMonth() + 1} 月 ${today.getDate()} 日`;
}

const button = document.getElementById("print-button");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// The clerk's one key on the counter page asks for printing at once; the address forgets it, so that coming back does not.
if (location.hash === "#print") {
  history.replaceState(null, "", location.pathname + location.search);
  addEventListener("load", () => window.print());
}
