// Copies the message for a chat. Without this the text can be marked and copied by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const said = button.parentElement.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = (await copy(field)) ? "已复制" : "没能自动复制，文字已选中，请手动复制";
  });
}

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select(); // no permission, or not a secure address: the old way
    return document.execCommand("copy");
  }
}
