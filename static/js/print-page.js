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
