// One key for each frequent action, shown beside it (`data-key`). `?` lists the keys; people can switch them off.

const KEPT = "line.keys";

export function listen(dialog) {
  const box = dialog?.querySelector("[data-keys-on]");
  if (box) {
    box.checked = isOn();
    box.addEventListener("change", () => {
      localStorage.setItem(KEPT, box.checked ? "on" : "off");
      document.documentElement.toggleAttribute("data-no-keys", !isOn());
    });
  }
  document.documentElement.toggleAttribute("data-no-keys", !isOn());
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-help]")) dialog.showModal();
  });
  document.addEventListener("keydown", (event) => {
    if (!isOn() || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || dialog?.open) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const found = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
    if (!found || found.disabled || found.closest("[hidden]")) return;
    event.preventDefault();
    if (found.matches("input")) found.select();
    else found.click();
  });
}

function isOn() {
  return localStorage.getItem(KEPT) !== "off";
}
