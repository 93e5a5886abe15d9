// Rings on this phone while its holder is offered a call: sound, vibration, and a screen that stays on, until they have talked.
// Only for whoever switched it on. A browser allows sound and vibration only after somebody has touched the page.

import { chime } from "./chime.js";

const KEPT = "line.rings";
const EVERY = 2000; // ms
const FRESH = 15000; // ms for which the page believes what it last heard of the call
const PATTERN = [500, 200, 500]; // ms of vibration, pause, vibration

const button = document.getElementById("ring");
const hint = document.getElementById("ring-hint");
let rings = null; // a timer
let looked = 0;
let awake = null; // what keeps the screen on

const isOn = () => localStorage.getItem(KEPT) === "on";
const isTouched = () => navigator.userActivation?.hasBeenActive ?? true;

function say() {
  button.setAttribute("aria-pressed", String(isOn()));
  if (!isOn()) hint.textContent = "Off. Calls to your number reach you all the same.";
  else if (isTouched()) hint.textContent = "On, while this page is on the screen.";
  else hint.textContent = "On. Tap anywhere on this page once, so that it may make a sound.";
}

function ring() {
  if (Date.now() - looked > FRESH) return stop();
  if (!isTouched()) return;
  chime({ loud: true });
  navigator.vibrate?.(PATTERN);
}

function stop() {
  if (rings && isTouched()) navigator.vibrate?.(0);
  clearInterval(rings);
  rings = null;
}

async function keepAwake(isWanted) {
  if (!isWanted) {
    awake?.release();
    awake = null;
  } else if (!awake && navigator.wakeLock && document.visibilityState === "visible") {
    awake = { release: () => {} }; // it is asked for
    awake = await navigator.wakeLock.request("screen").catch(() => null); // a phone that saves its battery says no
    awake?.addEventListener("release", () => (awake = null));
  }
}

/** The page has just been told how it stands. */
function look() {
  looked = Date.now();
  const { rings: isOffered, inHand } = document.getElementById("news").dataset;
  if (isOn() && isOffered !== undefined) {
    if (rings) return keepAwake(true);
    rings = setInterval(ring, EVERY);
    ring();
  } else stop();
  keepAwake(isOn() && (isOffered ?? inHand) !== undefined);
}

function toggle() {
  localStorage.setItem(KEPT, isOn() ? "off" : "on");
  say();
  look();
  if (isOn() && !rings) chime({ loud: true }); // this is how it sounds
}

function begin() {
  button.addEventListener("click", toggle);
  document.addEventListener("pointerup", () => setTimeout(say)); // by then the touch counts
  document.addEventListener("line:looked", look);
  document.addEventListener("visibilitychange", look); // a screen that was off lets go of what keeps it on
  button.parentElement.hidden = false;
  say();
  look();
}

if (button) begin(); // whoever goes to visits only is offered no calls
