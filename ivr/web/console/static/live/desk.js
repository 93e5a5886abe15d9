// Saves each field of an intake when the person leaves it, and shows what others save. Without it the form's button saves.

import * as beside from "./beside.js";
import * as drafts from "./drafts.js";
import { post, trouble, whenReached } from "./reach.js";

const RESTS = 1500; // ms without a key before a field is kept
const waits = new WeakMap();
const sends = new WeakMap(); // one at a time for each field: the answer brings what the next one has to say it saw
let answers = 0; // to what was sent

const was = (input) => input.form.elements[`was_${input.name}`];
const isTouched = (input) => input.value !== was(input).dataset.shown;
const draftOf = (input) => `${new URL(input.form.action).pathname} ${input.name}`;
const inputs = () => [...document.querySelectorAll("form[data-keeps] [data-field] :is(input:not([type=hidden]), textarea, select)")];

function remember(input, { was: kept, shown }) {
  was(input).value = kept;
  was(input).dataset.shown = shown;
  if ("defaultValue" in input) input.defaultValue = shown;
  for (const option of input.options ?? []) option.defaultSelected = option.value === kept;
  const mark = document.getElementById(`${input.name}-mark`);
  if (mark) [mark.dataset.tone, mark.textContent] = kept ? ["done", "filled"] : ["owed", "missing"];
}

/** Should the page end now, it is not lost. */
function draft(input) {
  if (!isTouched(input)) return drafts.drop(draftOf(input));
  drafts.write(draftOf(input), { typed: input.value, was: was(input).value, shown: was(input).dataset.shown });
}

/** Have it kept; true when it is. */
function keep(input) {
  clearTimeout(waits.get(input));
  const after = (sends.get(input) ?? Promise.resolve()).then(() => send(input));
  sends.set(input, after);
  return after;
}

async function send(input) {
  if (!isTouched(input)) return done(input);
  draft(input);
  const typed = input.value;
  const answer = await post(input.form.action, { [input.name]: typed, [`was_${input.name}`]: was(input).value });
  const isRead = [200, 409, 422].includes(answer?.status);
  if (answer && !isRead) trouble("refused");
  const said = isRead && (await answer.json().catch(() => trouble("away")));
  if (!said) return fails(input, "Not saved yet.", true);
  answers += 1;
  const { fields, errors, conflicts, meant, known, at, cards } = said;
  beside.refuse(input, errors[input.name] ?? "");
  beside.warn(input, cards[input.name] ?? "");
  beside.settle(input);
  if (conflicts[input.name]) return choose(input, conflicts[input.name]);
  if (errors[input.name]) return fails(input, "Not saved.", false);
  const now = fields[input.name];
  if (input.value === typed) input.value = now.shown; // they may have gone on typing
  remember(input, now);
  document.dispatchEvent(new Event("line:kept"));
  if (input.name === "contact_email") beside.suggest(input, meant, (address) => take(input, address));
  offer(known);
  say(input.form, `Saved ${at}`);
  return done(input);
}

function done(input) {
  beside.mark(input, false);
  draft(input);
  return true;
}

function fails(input, words, isUnsaved) {
  beside.mark(input, isUnsaved);
  say(input.form, words);
  return false;
}

function say(form, words) {
  form.querySelector(".kept").textContent = words;
}

function take(input, value) {
  input.value = value;
  beside.offer(input);
  input.focus();
  return keep(input);
}

/** What is known is filled in. The keyboard stays beside the field, not in it: the next key may take over the next. */
function takeOver(input, { dataset }) {
  const box = input.closest("[data-field]");
  if (box.contains(document.activeElement)) {
    box.tabIndex = -1;
    box.focus();
  }
  input.value = dataset.typed;
  beside.offer(input);
  keep(input);
}

function choose(input, theirs) {
  const chosen = (value) => {
    was(input).value = theirs.was;
    was(input).dataset.shown = theirs.shown;
    beside.settle(input);
    take(input, value);
  };
  const shown = input.type === "select-one" ? theirs.was : theirs.shown;
  beside.choose(input, theirs, () => chosen(input.value), () => chosen(shown));
  return fails(input, "Not saved: someone else has changed the same field.", false);
}

function offer(known) {
  for (const input of inputs()) beside.offer(input, known.filter((one) => one.field === input.name));
}

/** Keep what was typed now, and whether all of it is kept. */
export async function keepAll() {
  await Promise.all(inputs().map(keep));
  return !inputs().some(isTouched);
}

/** Others have kept something, or the caller has said something: what nobody has touched here follows. */
async function renew() {
  const form = document.querySelector("form[data-keeps]");
  if (!form) return;
  const before = answers;
  const answer = await fetch(`${form.action}/fields`, { headers: { "X-Live": "1" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const { fields, known } = await answer.json();
  if (answers !== before) return; // what was kept meanwhile is newer, and brings us here again
  for (const input of inputs()) {
    if (isTouched(input) || input === document.activeElement || was(input).value === fields[input.name].was) continue;
    input.value = fields[input.name].shown;
    remember(input, fields[input.name]);
  }
  offer(known);
}

/** The form's button keeps all of it, and leads to what is wrong; a button beside a field fills in what it says. */
async function press(event) {
  const { target: form, submitter } = event;
  if (!form.matches("form[data-keeps]") || ["mine", "take"].includes(submitter?.name)) return;
  event.preventDefault();
  const theirs = inputs().filter((input) => input.form === form);
  if (submitter?.name === "use") return takeOver(theirs.find((one) => one.closest("[data-field]").contains(submitter)), submitter);
  if (submitter?.name === "meant") return take(form.elements.contact_email, submitter.textContent);
  const kept = await Promise.all(theirs.map(keep));
  if (kept.every(Boolean) && !form.querySelector(".kept").textContent) say(form, "Everything is saved.");
  form.querySelector("[aria-invalid=true]")?.focus();
  if (kept.every(Boolean)) form.dispatchEvent(new Event("line:saved", { bubbles: true }));
}

/** What was typed before the page was loaded anew is there again, and kept. */
function restore(input) {
  const kept = drafts.read(draftOf(input));
  if (!kept) return;
  was(input).value = kept.was;
  was(input).dataset.shown = kept.shown;
  input.value = kept.typed;
  keep(input);
}

for (const input of inputs()) {
  // The page came back with what was typed.
  const isAgain = input.form.matches("[data-typed]") || input.closest("[data-field]").querySelector(".error");
  was(input).dataset.shown = isAgain ? "\0" : (input.defaultValue ?? input.value);
  if (!isAgain) restore(input);
  beside.offer(input);
  input.addEventListener("input", () => {
    clearTimeout(waits.get(input));
    waits.set(input, setTimeout(() => keep(input), RESTS));
    draft(input);
    beside.offer(input);
  });
  input.addEventListener("change", () => keep(input));
  input.addEventListener("blur", () => keep(input));
}
const isUnsaved = (input) => beside.isMarked(input) || (isTouched(input) && input.closest("[data-field]").querySelector(".error"));
whenReached(async () => {
  await Promise.all(inputs().filter(beside.isMarked).map(keep));
  return inputs().some(beside.isMarked);
});
document.addEventListener("line:changed", renew);
document.addEventListener("submit", press);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && inputs().filter(isTouched).forEach(keep));
addEventListener("beforeunload", (event) => inputs().some(isUnsaved) && event.preventDefault());
