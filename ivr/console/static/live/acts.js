// A form with data-act is sent without leaving the page. The answer is nothing, or the page itself with what was done
// or what is wrong: then the part of the form becomes as it is there, and the keyboard goes where the next word is due.

import { LIVE, reach, take, touch } from "./parts.js";

const banner = document.getElementById("banner");

/** Show this above everything, with a link to where it can be seen. */
export function show(words, link) {
  banner.replaceChildren(words);
  if (link) banner.append(" ", Object.assign(document.createElement("a"), { href: link, textContent: "Open it" }));
  banner.hidden = false;
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-act]");
  if (!form) return;
  event.preventDefault();
  const button = event.submitter;
  const refuse = refusal(form);
  refuse("");
  if (button?.getAttribute("aria-disabled")) return refuse(button.title);
  if (form.inert) return; // it is on its way
  const body = new FormData(form, button);
  const had = document.activeElement;
  button?.setAttribute("aria-busy", "true");
  form.inert = true; // what would be typed now would be lost
  const answer = await fetch(form.action, { method: "POST", body, headers: LIVE }).catch(() => null);
  const words = await answer?.text().catch(() => null);
  form.inert = false;
  const { form: written } = document.activeElement;
  const isElsewhere = written && written !== form; // they went on writing while it was sent
  button?.removeAttribute("aria-busy");
  const isPage = answer?.headers.get("Content-Type")?.startsWith("text/html");
  if (isPage && !answer.redirected && [200, 409, 422].includes(answer.status)) return answered(form, button, words, isElsewhere);
  if (!isElsewhere && form.contains(had)) had.focus();
  if (!answer || typeof words !== "string") refuse("The line cannot be reached. Nothing was done. Try again.");
  else if (answer.redirected) refuse("You are logged out, and nothing was done. Log in in another window, then try again.");
  else if (answer.ok) touch();
  else refuse(answer.status === 409 ? words : "That did not work. Reload the page and try again.");
});

function answered(form, button, words, isElsewhere) {
  const { id } = form.closest("[data-live]");
  document.querySelectorAll("main [data-said]").forEach((one) => one.replaceChildren());
  take(words, document.getElementById(id));
  const part = document.getElementById(id);
  if (isElsewhere) return;
  const again = button?.name && `button[name="${button.name}"][value="${CSS.escape(button.value)}"]`;
  reach(
    part.querySelector('[aria-invalid="true"]') ??
      part.querySelector("[role=alert]:not(:empty)") ??
      [...document.querySelectorAll("main [data-said]")].find((one) => one.textContent.trim()) ??
      (again && part.querySelector(again)) ??
      part,
  );
}

/** Says why not beside the form, or above the page. */
function refusal(form) {
  const beside = form.querySelector("[data-error]") ?? form.closest("section")?.querySelector(":scope > [data-error]");
  return (words) => {
    if (beside) beside.textContent = words;
    else if (words) show(words);
    else banner.hidden = true;
  };
}
