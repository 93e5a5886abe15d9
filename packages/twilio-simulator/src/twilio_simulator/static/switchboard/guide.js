// The steps of a call to try: each is ticked when the transcript shows it, whoever did it, by hand or by "Play a call".

import { steps } from "./book.js";
import { find, make, show } from "./dom.js";

/** What cannot be taken for anything else: it ticks the steps before it, which somebody has taken another way. */
const SURE = new Set(["answered", "joined"]);
let done = 0;

export const stepsDone = () => done;

function isIt({ until }, entry) {
  return until.kind === entry.kind && until.who.includes(entry.number) && (!until.text || until.text === entry.text);
}

/** The first step again begins the list anew. */
export function tick(entry) {
  if (!steps.length) return;
  const at = steps.findIndex((step, place) => isIt(step, entry)
    && (place === 0 || place === done || (place > done && SURE.has(step.until.kind))));
  if (at < 0) return;
  done = at + 1;
  drawSteps();
}

const items = steps.map((step, place) => {
  const item = make("li", step.words);
  item.dataset.place = place + 1;
  item.append(make("span", "", "tick"));
  find("steps").append(item);
  return item;
});

function drawSteps() {
  items.forEach((item, place) => {
    item.classList.toggle("done", place < done);
    item.classList.toggle("next", place === Math.min(done, items.length - 1));
    if (place === done) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
    show(item.querySelector(".tick"), place < done ? " (done)" : "");
  });
}

drawSteps();
