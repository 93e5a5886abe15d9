// The wrap-up opens when the call has ended, and folds when it was saved.

const fold = document.getElementById("wrap-up");
const nowIs = () => document.getElementById("wrap-up-now").dataset.nowIs;
let was = fold && nowIs();

document.addEventListener("line:looked", () => {
  if (!fold || was === nowIs()) return;
  was = nowIs();
  if (was === "due") fold.open = true;
});

document.addEventListener("line:saved", ({ target }) => {
  if (!fold?.contains(target) || !target.elements.wrap_up.value) return;
  fold.open = false;
  fold.querySelector("summary").focus();
});
