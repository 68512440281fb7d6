// What a page can do beyond links and forms; all of it is there without this.
"use strict";

// "/" goes to the box, unless something is being typed, also by an input method that is still composing.
document.addEventListener("keydown", (event) => {
  const isTyping = event.isComposing || event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.getElementById("q");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue; // not on pages that came without TLS from another machine
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    const words = button.textContent;
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}
