// Sends to the server. A banner says why something could not be sent; it is tried again with growing pauses, and when
// the person returns to the page.

import { person } from "./drafts.js";

const PAUSES = [1000, 2000, 4000, 8000, 15000];
const PATIENCE = 20000; // ms for an answer
const OUTLIVES = 30000; // letters of a request that may outlive its page: a browser allows 64 KB for all of them
const NOT_SENT = "Nothing was sent. What you typed is kept: send it once this message is gone.";
const PERHAPS = "What you typed is kept. Once this message is gone, check whether it went through before you send it again.";
const WHY = {
  offline: ["You're offline.", "We'll save this when you're back.", NOT_SENT],
  away: ["The server is restarting.", "We'll save this in a moment.", PERHAPS],
  broken: ["Something went wrong on our side.", "We'll try to save this again in a moment.", PERHAPS],
  other: ["Someone else has logged in here.", "What you typed isn't saved: log in as yourself again to save it.", NOT_SENT],
  refused: ["This couldn't be saved.", "What you typed is kept: reload the page and try again."],
};

const { address, login } = document.querySelector("meta[name=account]")?.dataset ?? {};
const banner = Object.assign(document.createElement("p"), { id: "trouble", className: "banner", role: "alert", hidden: true });
document.getElementById("main").prepend(banner);
const unfinished = [];
let now = null; // what is in the way
let ofAct = false; // of something that is not sent again by itself
let tries = 0;
let timer;

/** Have `finish` called when the line can be reached again; it answers whether something could still not be sent. */
export function whenReached(finish) {
  unfinished.push(finish);
}

/** The answer to a form; null when it could not be sent, which the banner says. `isAct`: it is not sent again by itself. */
export async function post(action, form, isAct = false) {
  const send = () => {
    const body = new URLSearchParams(form);
    body.set("csrf_token", document.querySelector("input[name=csrf_token]").value);
    return reach(action, isAct, { method: "POST", body, keepalive: String(body).length < OUTLIVES });
  };
  const answer = await send();
  // The page may be older than the log-in, in another window: its tokens are, too.
  if (answer?.status === 400) return (await renewed(isAct)) ? send() : null;
  return answer;
}

/** Whether whoever opened this page is still logged in. Its forms then have good tokens; if not, the banner says so. */
export async function renewed(isAct = false) {
  const answer = await reach(address, isAct);
  if (!answer) return false;
  const { person: whose, csrf_token: token } = await answer.json();
  if (String(whose) !== person) return trouble("other", isAct);
  for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = token;
  return true;
}

/** Say what is in the way. */
export function trouble(kind, isAct = false) {
  if (kind !== now || isAct !== ofAct) say(kind, isAct);
  [now, ofAct] = [kind, isAct];
  clearTimeout(timer);
  if (kind !== "refused") timer = setTimeout(retry, PAUSES[Math.min(tries, PAUSES.length - 1)]);
  return null;
}

async function reach(to, isAct, options = {}) {
  const asked = { ...options, headers: { "X-Live": "1" }, signal: AbortSignal.timeout(PATIENCE) };
  const answer = await fetch(to, asked).catch(() => null);
  if (!answer) return trouble(navigator.onLine ? "away" : "offline", isAct);
  if (isOut(answer)) return trouble("out", isAct);
  if (answer.status >= 500) return trouble(answer.status === 500 ? "broken" : "away", isAct);
  return answer;
}

function isOut({ status, redirected, url }) {
  return status === 401 || (redirected && new URL(url).pathname === login);
}

async function retry() {
  clearTimeout(timer);
  if (!now) return;
  tries += 1;
  if (!(await renewed(ofAct))) return;
  const left = await Promise.all(unfinished.map((finish) => finish()));
  if (left.some(Boolean)) return;
  [now, tries] = [null, 0];
  banner.hidden = true;
  document.dispatchEvent(new Event("line:reached"));
}

function say(kind, isAct) {
  banner.replaceChildren(...(kind === "out" ? out() : [`${WHY[kind][0]} ${WHY[kind][isAct ? 2 : 1]}`]));
  banner.hidden = false;
}

function out() {
  if (!login) return ["Your link has expired. Open it again: what you typed is kept."];
  const back = `${login}?next=${encodeURIComponent(location.pathname + location.search)}`;
  return ["You've been logged out. ", Object.assign(document.createElement("a"), { href: back, textContent: "Log in again" }), ": what you typed is kept."];
}

for (const event of ["online", "focus"]) addEventListener(event, retry);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && retry());
document.addEventListener("line:open", retry);
