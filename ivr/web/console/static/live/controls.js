// The controls of a live page: whether it is connected to the server, and the button that pauses it.

import { isPaused, pause } from "./parts.js";

const OUT_OF_TOUCH = 6000; // ms without a stream before it is said

let lost;

/** Show the controls, which only work with a script. */
export function offer() {
  document.querySelectorAll("[data-controls]").forEach((one) => (one.hidden = false));
  document.querySelectorAll("[data-pause]").forEach((one) => one.addEventListener("click", halt));
}

/** The stream has opened, or has ended. */
export function inTouch(isOpen) {
  clearTimeout(lost);
  if (isOpen) {
    show("on", "Live");
    document.dispatchEvent(new Event("line:open"));
  } else lost = setTimeout(() => show("off", "Disconnected"), OUT_OF_TOUCH);
}

function show(state, words) {
  for (const one of document.querySelectorAll("[data-state]")) {
    one.dataset.state = state;
    one.textContent = words;
  }
}

function halt({ currentTarget: button }) {
  const on = !isPaused();
  button.setAttribute("aria-pressed", String(on));
  button.textContent = on ? "Resume" : "Pause";
  button.removeAttribute("data-behind");
  pause(on);
}
