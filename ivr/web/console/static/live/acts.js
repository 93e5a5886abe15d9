// Sends a form with data-act without leaving the page. The answer is empty, or the page with what was done or what is
// wrong: then its part replaces the form's part, and the focus moves to the next field to fill in.

import { forget, restore } from "./keep.js";
import { attend, take, touch } from "./parts.js";
import { post } from "./reach.js";

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
  const part = form.closest("[data-live]")?.id; // asked now: the form may be gone when the answer comes
  const had = document.activeElement;
  button?.setAttribute("aria-busy", "true");
  form.inert = true; // what would be typed now would be lost
  const isSentLater = form.matches("[data-later]"); // by itself, once the line can be reached again
  const answer = await post(form.action, body, !isSentLater);
  const words = await answer?.text().catch(() => null);
  form.inert = false;
  if (answer?.ok) forget(form);
  const { form: written } = document.activeElement;
  const isElsewhere = written && written !== form; // they went on writing while it was sent
  button?.removeAttribute("aria-busy");
  const isPage = answer?.headers.get("Content-Type")?.startsWith("text/html");
  if (isPage && words && !answer.redirected && [200, 409, 422].includes(answer.status)) return answered(part, button, words, isElsewhere);
  const fold = answer?.ok && form.closest(".buttons > details"); // it is done: there is nothing left to unfold
  if (fold) fold.open = false;
  if (!isElsewhere && form.contains(had)) (fold ? fold.firstElementChild : had).focus();
  if (!answer && isSentLater) document.dispatchEvent(new CustomEvent("line:later", { detail: { form, button, body } }));
  if (!answer) return; // the banner says why
  if (answer.ok) touch();
  else refuse((answer.status === 409 && words) || "That did not work. Reload the page and try again.");
});

function answered(id, button, words, isElsewhere) {
  document.querySelectorAll("main [data-said]").forEach((one) => one.replaceChildren());
  take(words, document.getElementById(id));
  const part = document.getElementById(id);
  part.querySelectorAll("form[data-remember]").forEach(restore);
  if (isElsewhere) return;
  const again = button?.name && `button[name="${button.name}"][value="${CSS.escape(button.value)}"]`;
  attend(
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
