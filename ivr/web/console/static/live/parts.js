// The parts of a page that change. Each has an id, the URL that serves it, data-live="/address", and perhaps its intake,
// data-about="K7M3QX". A URL is fetched once for all of its parts. The answer may be a whole page: only the parts
// are used.

import { morph } from "./morph.js";

const BREATH = 120; // ms between two looks, however much happens
const PATIENCE = 20000; // ms for an answer
const PAUSES = [1000, 2000, 4000, 8000]; // ms until a look that failed is taken again

const stale = new Map(); // by address: the last event of which the stream has told, or "" where that is not why
const tags = new Map(); // by address: what it had when it was looked at, so that it need not say it again
let looking = false;
let paused = false;
let waits = null; // for its moment within SPREAD
let again; // after a look that failed
let failures = 0; // in a row

const parts = () => document.querySelectorAll("[data-live]");

/**
 * Look again at all there is, or at what shows one intake: now, or at some moment within so many ms, after a third of that.
 * `told`: the event that it is for.
 */
export function touch(reference = null, within = 0, told = "") {
  for (const { dataset } of parts()) {
    if (dataset.about && reference !== null && dataset.about !== reference) continue;
    stale.set(dataset.live, stale.get(dataset.live) === "" ? "" : told);
  }
  if (!within) look();
  else if (stale.size) waits ??= setTimeout(look, within / 3 + Math.random() * within);
}

/** Look at nothing for a while, and then at everything. */
export function pause(on) {
  paused = on;
  if (!paused) touch();
}

export const isPaused = () => paused;

export async function look() {
  clearTimeout(waits);
  clearTimeout(again);
  waits = null;
  if (looking || !stale.size) return;
  if (paused) {
    document.querySelector("[data-pause]")?.toggleAttribute("data-behind", true);
    return;
  }
  looking = true;
  const now = [...stale];
  stale.clear();
  const seen = await Promise.all(now.map(([address, told]) => renew(address, told).catch(() => false)));
  const missed = now.filter((_, place) => !seen[place]);
  failures = missed.length ? failures + 1 : 0;
  setTimeout(() => {
    looking = false;
    look();
    for (const [address] of missed) stale.set(address, "");
    if (missed.length) again = setTimeout(look, PAUSES[Math.min(failures, PAUSES.length) - 1]);
  }, BREATH);
}

/** Whether it was seen: else it is stale still. Windows that were `told` of one event share what the first of them finds. */
async function renew(address, told) {
  const known = tags.has(address) ? { "If-None-Match": tags.get(address) } : {};
  const since = told ? { "Last-Event-ID": told } : {};
  const headers = { "X-Live": "1", ...known, ...since };
  const answer = await fetch(address, { headers, signal: AbortSignal.timeout(PATIENCE) });
  if (answer.redirected || [401, 404].includes(answer.status)) return document.dispatchEvent(new Event("line:lapsed"));
  if (!answer.ok) return answer.status === 304;
  if (answer.headers.has("ETag")) tags.set(address, answer.headers.get("ETag"));
  take(await answer.text());
  return document.dispatchEvent(new Event("line:changed"));
}

/** Make the parts of the page as they are in this answer; the one of an act, `anew`, as if nobody had it in hand. */
export function take(words, anew = null) {
  const { content: fresh } = Object.assign(document.createElement("template"), { innerHTML: words });
  for (const part of parts()) {
    const wanted = fresh.getElementById(part.id);
    if (!wanted) continue;
    const held = part.contains(document.activeElement);
    if (part === anew) part.replaceWith(wanted);
    else morph(part, wanted);
    // What had the keyboard has gone: the keyboard stays where it was.
    if (held && document.activeElement === document.body) attend(document.getElementById(part.id));
  }
  document.dispatchEvent(new CustomEvent("line:looked", { detail: fresh }));
}

/** Put the keyboard there, whatever it is. */
export function attend(element) {
  if (!element) return;
  element.focus();
  if (document.activeElement === element) return;
  element.tabIndex = -1;
  element.focus();
}
