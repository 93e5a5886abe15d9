// On a narrow screen one thing at a time: a phone, or the network.

import { find, make } from "./dom.js";
import { cardOf } from "./phone.js";

const NETWORK = "network";
const tabs = new Map();
let chosen = null;

function draw() {
  document.body.dataset.chosen = chosen === NETWORK ? NETWORK : "phone";
  for (const [key, { button, panel }] of tabs) {
    button.setAttribute("aria-pressed", String(key === chosen));
    panel.classList.toggle("chosen", key === chosen);
  }
}

export function choose(key) {
  chosen = key;
  draw();
}

function add(key, words, panel) {
  const button = make("button", words);
  button.type = "button";
  button.addEventListener("click", () => choose(key));
  find("tabs").insertBefore(button, tabs.get(NETWORK)?.button ?? null);
  tabs.set(key, { button, panel });
  chosen ??= key;
}

export function drawTabs(world) {
  if (!tabs.has(NETWORK) && world.phones.length) {
    chosen = world.phones[0].number;
    add(NETWORK, "Network", find("network"));
  }
  for (const phone of world.phones) {
    if (!tabs.has(phone.number)) add(phone.number, phone.name || phone.number, cardOf(phone.number));
    tabs.get(phone.number).button.dataset.state = phone.state;
  }
  draw();
}
