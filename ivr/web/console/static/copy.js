// Copies the field, or the text, that a button names. The button is there only where the browser lets a page copy.

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copies]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copies);
  field.select?.();
  const copied = await navigator.clipboard.writeText(field.value ?? field.textContent).then(() => true, () => false);
  button.textContent = copied ? "Copied" : "Press Ctrl+C";
});

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copies]")) button.hidden = false;
}
