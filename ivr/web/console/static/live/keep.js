// Keeps unsent text of a form for the tab, and restores it after a log-in or a reload. Before a form leaves the page,
// it checks that the server can be reached and the log-in is valid.

import * as drafts from "./drafts.js";
import { renewed } from "./reach.js";

const TYPED = "input:not([type=hidden], [type=password], [type=file], [autocomplete=one-time-code]), textarea, select";
const PAUSE = 20000; // ms after which a form that was sent may be sent again, should no answer have come
const isTicked = (one) => one.type === "checkbox" || one.type === "radio";
const nameOf = (one) => (isTicked(one) ? `${one.name}=${one.value}` : one.name);
const valueOf = (one) => (isTicked(one) ? one.checked : one.value);
const typedIn = (form) => [...form.elements].filter((one) => one.name && one.matches(TYPED));
// Two forms of one page may be sent to the same address.
const draftOf = (form) => `form ${form.dataset.remember ?? [new URL(form.action).pathname, ...new Set(typedIn(form).map(({ name }) => name))].join(" ")}`;
const values = (form) => Object.fromEntries(typedIn(form).map((one) => [nameOf(one), valueOf(one)]));
const isAnswered = (form) => "typed" in form.dataset; // the line itself says what was typed, and that it is not kept
const isOurs = (form) => form?.method === "post" && !form.matches("[data-keeps], [data-logs-out]") && typedIn(form).length > 0;
const forms = () => [...document.forms].filter(isOurs);

function shown(one) {
  if (isTicked(one)) return one.defaultChecked;
  return one.defaultValue ?? ([...one.options].find((option) => option.defaultSelected) ?? one.options[0])?.value;
}

/** It was sent: nothing of it need be kept. */
export function forget(form) {
  drafts.drop(draftOf(form));
}

function remember(form) {
  if (!isAnswered(form) && typedIn(form).every((one) => valueOf(one) === shown(one))) forget(form);
  else drafts.write(draftOf(form), { typed: values(form) });
}

/** A form that has just come: what was typed into it before stands in it again. */
export function restore(form) {
  const draft = isAnswered(form) ? null : drafts.read(draftOf(form));
  for (const one of typedIn(form)) if (draft && nameOf(one) in draft.typed) one[isTicked(one) ? "checked" : "value"] = draft.typed[nameOf(one)];
  remember(form);
  if (!draft || !drafts.read(draftOf(form))) return; // the form shows just that by now
  form.closest("details")?.setAttribute("open", "");
  form.append(Object.assign(document.createElement("p"), { className: "unsaved", textContent: "You typed this before. It was not sent yet." }));
}

async function ask(event) {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[data-act], [data-logs-out]")) return;
  if (form.dataset.asked === "yes") return leave(form, submitter);
  event.preventDefault();
  if (form.dataset.asked) return; // pressed twice
  form.dataset.asked = "asking";
  const isIn = await renewed(true);
  delete form.dataset.asked;
  if (!isIn) return;
  form.dataset.asked = "yes";
  form.requestSubmit(submitter);
}

/** It is on its way, and the page goes with it: pressed again meanwhile, it is not sent twice. */
function leave(form, button) {
  form.dataset.asked = "sent";
  button?.setAttribute("aria-busy", "true");
  setTimeout(() => stay(form), PAUSE);
  const draft = isOurs(form) && drafts.read(draftOf(form));
  if (draft) drafts.write(draftOf(form), { ...draft, isSent: true });
}

function stay(form) {
  delete form.dataset.asked;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

/** What the page before has sent has arrived with this page, unless somebody has gone back for it. */
function settle(form) {
  const draft = drafts.read(draftOf(form));
  const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (draft?.isSent && !isBack) forget(form);
  restore(form);
}

forms().forEach(settle);
document.addEventListener("input", ({ target }) => isOurs(target.form) && remember(target.form));
addEventListener("pageshow", () => [...document.forms].forEach(stay)); // the button Back brings it as it was
addEventListener("submit", ask); // after all who would send it without leaving the page
