// The switchboard: phones in the browser, and the network they hang on.

import { find, show } from "./dom.js";
import { drawFaults } from "./faults.js";
import { tick } from "./guide.js";
import { learn } from "./names.js";
import { act, watch } from "./network.js";
import { drawPhone, writeEntry } from "./phone.js";
import { drawPicture } from "./picture.js";
import { follow, hear } from "./play.js";
import { drawFilter, writeRequest } from "./requests.js";
import { drawRinging } from "./ringing.js";
import { muteButton, ring, wakeOnFirstClick } from "./sound.js";
import { drawTabs } from "./tabs.js";
import "./views.js";
import { hush } from "./voice.js";

const CLOCK = { weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" };
let zone;
let ahead = 0;

function drawClock() {
  const now = new Date(Date.now() + ahead);
  show(find("clock"), now.toLocaleString([], { ...CLOCK, timeZone: zone }));
  find("clock").dateTime = now.toISOString();
}

function draw(world) {
  zone = world.zone || undefined;
  ahead = new Date(world.clock) - Date.now();
  drawClock();
  learn(world);
  show(find("lines"), `Dial ${world.numbers.join(", ")}`);
  for (const phone of world.phones) drawPhone(phone, world.numbers[0]);
  ring(world.phones.some((phone) => phone.state === "ringing"));
  drawTabs(world);
  drawRinging(world);
  drawPicture(world);
  drawFilter(world);
  drawFaults(world);
}

function heard(entry) {
  writeEntry(entry);
  tick(entry);
  hear(entry);
}

const look = watch({ draw, heard, asked: writeRequest, seen: follow });

muteButton(hush);
wakeOnFirstClick();
setInterval(drawClock, 1000);
for (const button of document.querySelectorAll("[data-leap]")) {
  const { leap } = button.dataset;
  button.addEventListener("click", () => act("/clock", leap === "next" ? { to: "next" } : { seconds: Number(leap) }));
}
find("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (await act("/phones", Object.fromEntries(new FormData(form)))) form.reset();
  look();
});
