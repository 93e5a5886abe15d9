// Keeps a technician's own page up to date, and switches it to the intake of their call. It works without a script.

import { show } from "./acts.js";
import { keepAll } from "./desk.js";
import { touch } from "./parts.js";
import { renewed } from "./reach.js";
import "./later.js";
import "./ring.js";

const ASKS = 2000; // ms; nothing is asked while nobody looks

const isSeen = () => document.visibilityState === "visible";
const inHand = (page) => page.querySelector("[data-reference]")?.dataset.reference;
let leaving = false;

const again = () => location.assign(location.pathname);

/** They have taken another caller: what they typed about this one is kept first, and if it cannot be, it stays. */
async function follow(reference) {
  leaving = true;
  if (await keepAll()) return again();
  show(`${reference} is with you now. What you have typed here is not kept yet.`, location.pathname);
}

document.addEventListener("line:looked", ({ detail: fresh }) => {
  document.title = fresh.querySelector("title")?.textContent ?? document.title;
  const [shown, now] = [inHand(document), inHand(fresh)];
  if (now && now !== shown && !leaving) follow(now);
});
document.addEventListener("line:lapsed", () => renewed()); // the banner says that the link has ended
document.addEventListener("visibilitychange", () => isSeen() && touch());
setInterval(() => isSeen() && touch(), ASKS);
