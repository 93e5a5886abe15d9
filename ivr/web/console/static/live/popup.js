// Opens the intake that the person has just accepted, in one window: the one they last had in front.

import { show } from "./acts.js";
import { isUnsaved } from "./morph.js";
import { isPaused } from "./parts.js";

const FRONT = "line.front"; // the window that was last in front, of the several that somebody may have open
const me = Math.random().toString(36).slice(2);

/** Note from now on when this window is in front. */
export function watch() {
  addEventListener("focus", comeToFront);
  addEventListener("pagehide", () => localStorage.getItem(FRONT) === me && localStorage.removeItem(FRONT));
  comeToFront();
}

function comeToFront() {
  if (document.visibilityState === "visible") localStorage.setItem(FRONT, me);
}

/** Open the intake of this reference here, if this is the window for it. Nothing that somebody has in hand is left. */
export function pop(reference, leads) {
  const address = `/intakes/${reference}`;
  if (location.pathname === address) return;
  const front = localStorage.getItem(FRONT);
  if (front ? front !== me : !leads) return;
  if (isPaused() || isUnsaved()) show(`You have accepted intake ${reference}.`, address);
  else location.assign(address);
}
