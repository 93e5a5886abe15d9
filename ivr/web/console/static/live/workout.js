// Shows the sum of an estimate, which the server works out while a person types. Without a script a button does it.

const BREATH = 200;
let wait;
let asked = 0;

async function workOut(form) {
  const mine = (asked += 1);
  const fields = new URLSearchParams(new FormData(form));
  for (const name of ["csrf_token", "form_id"]) fields.delete(name);
  const answer = await fetch(`${form.dataset.worksOut}?${fields}`, { headers: { "X-Live": "1" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const words = await answer.text();
  const sum = form.querySelector(".sum");
  if (mine !== asked || !sum) return;
  sum.outerHTML = words;
  // What was wrong before is said again by the sum, where it still is.
  for (const error of form.querySelectorAll(".field > .error")) error.remove();
  for (const one of form.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-works-out]");
  if (!form) return;
  clearTimeout(wait);
  wait = setTimeout(() => workOut(form), BREATH);
});

// Somebody may have typed before this was here.
for (const form of document.querySelectorAll("form[data-works-out]")) {
  if ([...form.elements].some((one) => one.type !== "hidden" && "defaultValue" in one && one.value !== one.defaultValue)) workOut(form);
}
