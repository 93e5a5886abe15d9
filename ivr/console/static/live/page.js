// Keeps a page up to date without taking it out of anybody's hands. The page is right without it.
//
// A part that can change says where it is to be had again, data-live="/address", and perhaps of which intake it is,
// data-about="K7M3QX". A form with data-act is sent without leaving the page.

import * as alerts from "./alerts.js";
import * as keys from "./keys.js";
import { morph } from "./morph.js";
import { follow } from "./stream.js";
import "./desk.js";
import { forget } from "./keep.js";
import { post, renewed } from "./reach.js";
import "./workout.js";

const LIVE = { "X-Live": "1" };
const BREATH = 120; // ms between two looks at the same part, however much happens
const SPREAD = 300; // ms over which windows that hear of the same thing look: whoever has accepted is served first
const HEALS = 30000; // what changes by the clock alone, or was missed
const SPEAKS = 8000; // ms between two words to a screen reader
const OUT_OF_TOUCH = 6000;

const { stream, since, staff } = document.body.dataset;
const said = document.getElementById("said");
const banner = document.getElementById("banner");
const me = Math.random().toString(36).slice(2);
const parts = () => document.querySelectorAll("[data-live]");
let base = document.title;
let ringsFor = null; // the intake for which this person's telephone rings
let ahead = 0; // ms by which the line's clock is before ours
let paused = false;
let lost;

// --- parts that change

const stale = new Set();
let looking = false;
let waits = null; // for its moment within SPREAD

function touch(reference = null, within = 0) {
  for (const part of parts()) {
    const { about } = part.dataset;
    if (!about || reference === null || about === reference) stale.add(part);
  }
  document.dispatchEvent(new Event("line:changed"));
  if (within) waits ??= setTimeout(look, Math.random() * within);
  else look();
}

async function look() {
  clearTimeout(waits);
  waits = null;
  if (looking || !stale.size) return;
  if (paused) {
    document.querySelector("[data-pause]")?.toggleAttribute("data-behind", true);
    return;
  }
  looking = true;
  const now = [...stale];
  stale.clear();
  await Promise.all(now.map(renew)).catch(() => {}); // the stream, or the next half minute, brings it
  setTimeout(() => {
    looking = false;
    look();
  }, BREATH);
}

async function renew(part) {
  const answer = await fetch(part.dataset.live, { headers: LIVE });
  if (answer.redirected) return isUnsaved() ? void renewed() : location.reload(); // logged out
  if (!answer.ok || !part.isConnected) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  const held = part.contains(document.activeElement);
  morph(part, fresh.content.firstElementChild);
  // What had the keyboard has gone: the keyboard stays where it was.
  if (held && document.activeElement === document.body) part.focus();
  settle();
}

function settle() {
  for (const part of parts()) {
    const { now, title, summary } = part.dataset;
    if (now) ahead = Date.parse(now) - Date.now();
    if (title) base = title;
    if (summary) speak(summary);
  }
  entitle();
  tick();
}

function entitle() {
  document.title = ringsFor ? `☎ Your telephone rings · ${base}` : base;
}

function tick() {
  for (const timer of document.querySelectorAll("[data-since]:not(body)")) {
    timer.textContent = elapsed(Date.now() + ahead - Date.parse(timer.dataset.since));
  }
}

function elapsed(span) {
  const seconds = Math.max(0, Math.floor(span / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

// --- said, never in anybody's way

let spoken = "";
let next = "";
let quiet = null;

function speak(words) {
  if (!spoken) spoken = words; // what the page showed when it came
  next = words;
  if (quiet || next === spoken) return;
  said.textContent = spoken = next;
  quiet = setTimeout(() => {
    quiet = null;
    speak(next);
  }, SPEAKS);
}

function show(words, link) {
  banner.replaceChildren(words);
  if (link) {
    const anchor = Object.assign(document.createElement("a"), { href: link, textContent: "Open it" });
    banner.append(" ", anchor);
  }
  banner.hidden = false;
}

// --- the intake of whoever has just accepted opens by itself

const FRONT = "line.front"; // the window that was last in front, of the several that somebody may have open

function comeToFront() {
  if (document.visibilityState === "visible") localStorage.setItem(FRONT, me);
}

function pop(reference, leads) {
  const address = `/intakes/${reference}`;
  if (location.pathname === address) return;
  const front = localStorage.getItem(FRONT);
  if (front ? front !== me : !leads) return;
  if (paused || isUnsaved()) show(`You have accepted intake ${reference}.`, address);
  else location.assign(address);
}

function isUnsaved() {
  const typed = (one) => one.value !== one.defaultValue && one.type !== "hidden";
  return [...document.querySelectorAll("main :is(input, textarea)")].some(typed);
}

// --- all together

function hear({ event, reference, leads }) {
  if (event === "pop") pop(reference, leads);
  else if (event === "ringing") ringing(reference, leads);
  else {
    if (event === "all" || reference === ringsFor) ringsFor = null; // it was picked up, or has stopped
    touch(event === "all" ? null : reference, SPREAD);
    entitle();
  }
}

function ringing(reference, leads) {
  ringsFor = reference;
  entitle();
  look();
  if (leads) alerts.ring(reference);
}

function inTouch(isOpen) {
  clearTimeout(lost);
  const shown = (state, words) =>
    document.querySelectorAll("[data-state]").forEach((one) => {
      one.dataset.state = state;
      one.textContent = words;
    });
  if (isOpen) {
    shown("on", "Live");
    document.dispatchEvent(new Event("line:open"));
  } else lost = setTimeout(() => shown("off", "Out of touch"), OUT_OF_TOUCH);
}

async function act(event) {
  const form = event.target.closest("form[data-act]");
  if (!form) return;
  event.preventDefault();
  const button = event.submitter;
  const refuse = refusal(form);
  refuse("");
  if (button?.getAttribute("aria-disabled")) return refuse(button.title);
  button?.setAttribute("aria-busy", "true");
  const answer = await post(form.action, new FormData(form, button), true);
  button?.removeAttribute("aria-busy");
  if (!answer) return; // the banner says why
  if (answer.ok) {
    forget(form);
    touch();
  } else refuse(answer.status === 409 ? await answer.text() : "That did not work. Reload the page and try again.");
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

function pause({ currentTarget: button }) {
  paused = !paused;
  button.setAttribute("aria-pressed", String(paused));
  button.textContent = paused ? "Resume" : "Pause";
  button.removeAttribute("data-behind");
  if (!paused) touch();
}

keys.listen(document.getElementById("keys"));
document.addEventListener("submit", act);
if (stream) {
  document.querySelectorAll("[data-controls]").forEach((one) => (one.hidden = false));
  document.querySelectorAll("[data-pause]").forEach((one) => one.addEventListener("click", pause));
  document.querySelectorAll("[data-alerts]").forEach(alerts.offer);
  addEventListener("focus", comeToFront);
  addEventListener("pagehide", () => localStorage.getItem(FRONT) === me && localStorage.removeItem(FRONT));
  comeToFront();
  settle();
  setInterval(tick, 1000);
  setInterval(touch, HEALS);
  follow(stream, { since, staff, hear, state: inTouch });
}
