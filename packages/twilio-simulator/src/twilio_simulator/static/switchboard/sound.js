// The bell and the keys, as a telephone sounds: made by the browser, nothing is loaded.
// A browser plays nothing before the first click or key; until then the bell is seen, not heard.

import { find, keep, kept } from "./dom.js";

const LOW = [697, 770, 852, 941];
const HIGH = [1209, 1336, 1477];
const KEYS = ["123", "456", "789", "*0#"];
const BELL = [440, 480];
const BELL_ON = 2;
const BELL_EVERY = 6;

let audio = null;
let bell = null;
let muted = kept("muted", "no") === "yes";

function ready() {
  if (muted) return false;
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
  return true;
}

function tone(frequencies, seconds, loudness) {
  const gain = audio.createGain();
  const from = audio.currentTime;
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(loudness, from + 0.01);
  gain.gain.setValueAtTime(loudness, from + seconds - 0.02);
  gain.gain.linearRampToValueAtTime(0, from + seconds);
  gain.connect(audio.destination);
  for (const frequency of frequencies) {
    const oscillator = audio.createOscillator();
    oscillator.frequency.value = frequency;
    oscillator.connect(gain);
    oscillator.start(from);
    oscillator.stop(from + seconds);
  }
}

/** The two tones of each key, as the network would hear them. */
export function keyTone(key) {
  const row = KEYS.findIndex((keys) => keys.includes(key));
  if (row >= 0 && ready()) tone([LOW[row], HIGH[KEYS[row].indexOf(key)]], 0.14, 0.12);
}

function strike() {
  if (ready()) tone(BELL, BELL_ON, 0.06);
}

/** The bell, for as long as any telephone rings. */
export function ring(rings) {
  if (rings && bell === null && document.visibilityState === "visible") {
    strike();
    bell = setInterval(strike, BELL_EVERY * 1000);
  } else if (!rings && bell !== null) {
    clearInterval(bell);
    bell = null;
    audio?.suspend();
  }
}

/** A browser lets a page make sound from the first click or key on: whatever rings then is heard at once. */
export function wakeOnFirstClick() {
  const wake = () => {
    for (const what of ["pointerdown", "keydown"]) document.removeEventListener(what, wake);
    if (ready() && bell !== null) strike();
  };
  for (const what of ["pointerdown", "keydown"]) document.addEventListener(what, wake);
}

export const isMuted = () => muted;

/** The button that keeps everything quiet; remembered. */
export function muteButton(whenMuted) {
  const button = find("mute");
  const draw = () => {
    button.setAttribute("aria-pressed", String(muted));
  };
  button.addEventListener("click", () => {
    muted = !muted;
    keep("muted", muted ? "yes" : "no");
    if (muted) { audio?.suspend(); whenMuted(); }
    draw();
  });
  draw();
}
