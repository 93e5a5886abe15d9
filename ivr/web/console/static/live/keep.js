// Keeps unsent text of a form for the tab, and restores it after a log-in or a reload. Before a form leaves the page,
// it checks that the server can be reached and the log-in is valid.

import * as drafts from "./drafts.js";
import { renewed } from "./reach.js";

const TYPED = "input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), textarea, select";
const draftOf = (form) => `form ${form.dataset.remember}`;
const typedIn = (form) => [...form.elements].filter((one) => one.name && one.matches(TYPED));
const values = (form) => Object.fromEntries(typedIn(form).map((one) => [one.name, one.value]));
const isAnswered = (form) => "typed" in form.dataset; // the line itself says what was typed, and that it is not kept

function shown(one) {
  return one.defaultValue ?? ([...one.options].find((option) => option.defaultSelected) ?? one.options[0])?.value;
}

/** It was sent: nothing of it need be kept. */
export function forget(form) {
  drafts.drop(draftOf(form));
}

function remember(form) {
  if (!isAnswered(form) && typedIn(form).every((one) => one.value === shown(one))) forget(form);
  else drafts.write(draftOf(form), { typed: values(form) });
}

/** A form that has just come: what was typed into it before stands in it again. */
export function restore(form) {
  const draft = isAnswered(form) ? null : drafts.read(draftOf(form));
  for (const one of typedIn(form)) if (draft && one.name in draft.typed) one.value = draft.typed[one.name];
  remember(form);
  if (!draft || !drafts.read(draftOf(form))) return; // the form shows just that by now
  form.closest("details")?.setAttribute("open", "");
  form.append(Object.assign(document.createElement("p"), { className: "unsaved", textContent: "You typed this before. It was not sent yet." }));
}

async function ask(event) {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[data-act], [data-logs-out]")) return;
  if (form.dataset.asked === "yes") return void delete form.dataset.asked;
  event.preventDefault();
  if (form.dataset.asked) return; // pressed twice
  form.dataset.asked = "asking";
  const isIn = await renewed(true);
  delete form.dataset.asked;
  if (!isIn) return;
  form.dataset.asked = "yes";
  form.requestSubmit(submitter);
}

document.querySelectorAll("form[data-remember]").forEach(restore);
document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-remember]");
  if (form) remember(form);
});
addEventListener("submit", ask); // after all who would send it without leaving the page
