// Plays a sound and shows a desktop notification when a telephone rings, only for people who switched this on.

import { chime } from "./chime.js";

const KEPT = "line.alerts";

/** Let `button` switch them on and off. */
export function offer(button) {
  const show = () => button.setAttribute("aria-pressed", String(isOn()));
  button.addEventListener("click", async () => {
    localStorage.setItem(KEPT, isOn() ? "off" : "on");
    show();
    if (!isOn()) return;
    chime();
    if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
  });
  show();
}

/** Somebody's telephone rings for the intake of this reference. */
export function ring(reference) {
  if (!isOn()) return;
  chime();
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const note = new Notification("Your phone is ringing", { body: `Intake ${reference}. Press 1 to accept.`, tag: reference });
  note.onclick = () => window.focus();
}

function isOn() {
  return localStorage.getItem(KEPT) === "on";
}
