// Tells the editors which words found nothing: the words alone. Without this nothing is lost but the count.
const nothing = document.querySelector("[data-unfound]");

if (nothing && navigator.sendBeacon) {
  const words = new FormData();
  words.set("q", nothing.dataset.unfound);
  navigator.sendBeacon(nothing.dataset.countAt, words);
}
