// Keeps a page up to date without taking it out of anybody's hands. The page is right without it.

import * as alerts from "./alerts.js";
import { show } from "./acts.js";
import * as keys from "./keys.js";
import { isUnsaved } from "./morph.js";
import { isPaused, look, pause, touch } from "./parts.js";
import { renewed } from "./reach.js";
import { follow } from "./stream.js";
import "./desk.js";
import "./workout.js";

const SPREAD = 300; // ms over which windows that hear of the same thing look: whoever has accepted is served first
const HEALS = 30000; // what changes by the clock alone, or was missed
const SPEAKS = 8000; // ms between two words to a screen reader
const OUT_OF_TOUCH = 6000;

const { stream, since, staff } = document.body.dataset;
const said = document.getElementById("said");
const me = Math.random().toString(36).slice(2);
let base = document.title;
let ringsFor = null; // the intake for which this person's telephone rings
let ahead = 0; // ms by which the line's clock is before ours
let lost;

// --- what every look brings

function settle(fresh = null) {
  base = fresh?.querySelector("title")?.textContent ?? base;
  for (const part of document.querySelectorAll("[data-live]")) {
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
  if (isPaused() || isUnsaved()) show(`You have accepted intake ${reference}.`, address);
  else location.assign(address);
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

function halt({ currentTarget: button }) {
  const on = !isPaused();
  button.setAttribute("aria-pressed", String(on));
  button.textContent = on ? "Resume" : "Pause";
  button.removeAttribute("data-behind");
  pause(on);
}

function lapsed() {
  if (isUnsaved()) renewed(); // the banner says so
  else location.reload();
}

keys.listen(document.getElementById("keys"));
document.addEventListener("line:looked", ({ detail }) => settle(detail));
document.addEventListener("line:kept", () => touch(null, SPREAD));
document.addEventListener("line:reached", () => touch());
document.addEventListener("line:lapsed", lapsed);
if (stream) {
  document.querySelectorAll("[data-controls]").forEach((one) => (one.hidden = false));
  document.querySelectorAll("[data-pause]").forEach((one) => one.addEventListener("click", halt));
  document.querySelectorAll("[data-alerts]").forEach(alerts.offer);
  addEventListener("focus", comeToFront);
  addEventListener("pagehide", () => localStorage.getItem(FRONT) === me && localStorage.removeItem(FRONT));
  comeToFront();
  settle();
  setInterval(tick, 1000);
  setInterval(() => touch(), HEALS);
  follow(stream, { since, staff, hear, state: inTouch });
}
