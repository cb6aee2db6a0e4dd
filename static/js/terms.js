// Unfolds the explanation of a word where it stands. Without this the word is a link to the list of words below.
for (const term of document.querySelectorAll("a.term")) {
  const explained = document.getElementById(term.hash.slice(1));
  if (!explained) continue;
  const note = document.createElement("span");
  note.className = "term-note";
  note.id = `${explained.id}-note`;
  note.hidden = true;
  note.textContent = `${explained.textContent}：${explained.nextElementSibling.querySelector(".meaning").textContent}`;
  const block = term.closest("p, h3, li, dd, div");
  if (block.matches("p, h3")) block.after(note);
  else block.append(note);
  term.setAttribute("aria-expanded", "false");
  term.setAttribute("aria-controls", note.id);
  term.addEventListener("click", (event) => {
    event.preventDefault();
    note.hidden = !note.hidden;
    term.setAttribute("aria-expanded", String(!note.hidden));
  });
}
