// Connects the modules that keep a page of the console up to date without disturbing its user. It works without them.

import * as alerts from "./alerts.js";
import * as clocks from "./clocks.js";
import * as controls from "./controls.js";
import * as keys from "./keys.js";
import { isUnsaved } from "./morph.js";
import { touch } from "./parts.js";
import { pop, watch } from "./popup.js";
import { renewed } from "./reach.js";
import { speak } from "./speech.js";
import { follow } from "./stream.js";
import * as title from "./title.js";
import "./acts.js";
import "./calling.js";
import "./desk.js";
import "./workout.js";
import "./wrapup.js";

const SPREAD = 300; // ms over which windows that hear of the same thing look, a little later than whoever has accepted
const HEALS = 30000; // ms; what changes by the clock alone, or was missed

const { stream, since, staff, rings } = document.body.dataset;

/** What every look brings. */
function settle(fresh = null) {
  let words = fresh?.querySelector("title")?.textContent;
  for (const { dataset } of document.querySelectorAll("[data-live]")) {
    if (dataset.now) clocks.set(dataset.now);
    if (dataset.title) words = dataset.title;
    if (dataset.summary) speak(dataset.summary);
  }
  title.name(words);
  clocks.tick();
}

/** What the stream says; `leads`: this window heard it itself and not from another. */
function hear({ event, reference, id, leads }) {
  if (event === "pop") pop(reference, leads);
  else if (event === "ringing") {
    title.rings(reference);
    touch("bar");
    if (leads) alerts.ring(reference);
  } else {
    const about = event === "all" ? null : reference;
    if (title.stops(about)) touch("bar");
    touch(about, SPREAD, id);
  }
}

function lapsed() {
  if (isUnsaved()) renewed(); // the banner says so
  else location.reload();
}

document.querySelector(".bar nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
keys.listen(document.getElementById("keys"));
document.addEventListener("line:looked", ({ detail }) => settle(detail));
document.addEventListener("line:kept", () => touch(null, SPREAD));
document.addEventListener("line:reached", () => touch());
document.addEventListener("line:lapsed", lapsed);
if (stream) {
  controls.offer();
  document.querySelectorAll("[data-alerts]").forEach(alerts.offer);
  watch();
  if (rings) title.rings(rings);
  settle();
  setInterval(clocks.tick, 1000);
  setInterval(() => touch(), HEALS);
  follow(stream, { since, staff, hear, state: controls.inTouch });
}
