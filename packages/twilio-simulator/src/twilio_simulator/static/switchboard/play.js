// "Play a call for me": the steps of the guide, done one after the other, slowly enough to be watched.

import { meanwhile, speed, steps } from "./book.js";
import { find, show } from "./dom.js";
import { stepsDone } from "./guide.js";
import { named } from "./names.js";
import { use } from "./phone.js";
import { phoneAct } from "./network.js";
import { choose } from "./tabs.js";

/** Milliseconds of the network: between what is heard and what is done about it, for each word of it on top, and at most. */
const PAUSE = 1200;
const A_WORD = 150;
const LONGEST = 5000;
/** For a step to become possible, and to have happened: as long on a fast network, which waits for an application. */
const PATIENCE = 60_000;
const OWN = new Set(["dialled", "answered", "pressed"]);
const NEWS = new Set(["heard-say", "heard-voice", "joined", "resumed"]);

/** What each phone has heard since it last answered anything: in a conversation one may speak twice. */
const heard = new Map();
let phones = new Map();
let playing = null;
let waiting = [];

export function hear(entry) {
  const isAnswer = entry.kind === "said" && !phones.get(entry.number)?.with.length;
  if (OWN.has(entry.kind) || isAnswer) heard.delete(entry.number);
  if (NEWS.has(entry.kind)) heard.set(entry.number, `${heard.get(entry.number) ?? ""} ${entry.text}`);
}

export function follow(world) {
  phones = new Map(world.phones.map((one) => [one.number, one]));
  for (const look of [...waiting]) look();
}

/** The first truth of `what`; null once the call is played no longer, or after too long. */
function wait(what, mine) {
  return new Promise((resolve) => {
    const end = (value) => {
      clearTimeout(late);
      waiting = waiting.filter((one) => one !== look);
      resolve(value);
    };
    const look = () => {
      const found = playing === mine && what();
      if (found || playing !== mine) end(found || null);
    };
    const late = setTimeout(end, PATIENCE, null);
    waiting.push(look);
    look();
  });
}

const pause = (mine, words) => new Promise((resolve) => {
  setTimeout(() => resolve(playing === mine), Math.min(LONGEST, PAUSE + A_WORD * words.split(" ").length) / speed);
});

function isReady(act, phone) {
  if (act === "dial") return phone.state === "idle";
  if (act === "answer" || act === "decline") return phone.state === "ringing";
  if (act === "hang-up" || act === "drop") return phone.state === "in-call";
  return phone.state === "in-call" && heard.has(phone.number) && (phone.listening !== null || phone.with.length > 0);
}

/** A question that not every call asks. */
function unasked(number) {
  return meanwhile.find((one) => heard.get(number)?.includes(one.heard));
}

async function perform(act, mine) {
  for (;;) {
    const number = await wait(() => act.who.find((one) => isReady(act.act, phones.get(one))), mine);
    if (!number || !await pause(mine, heard.get(number) ?? "")) return false;
    if (!isReady(act.act, phones.get(number))) continue;
    if (act.act !== "say") use(number);
    choose(number);
    const aside = act.act === "press" || act.act === "say" ? unasked(number) : null;
    if (aside || act.act === "press") heard.delete(number); // it is answered: what is heard from here on is new
    if (!await phoneAct(number, aside ? "press" : act.act, aside ?? act)) return false;
    if (!aside) return true;
  }
}

async function playAll(mine) {
  for (const [place, step] of steps.entries()) {
    show(find("playing"), `Step ${place + 1} of ${steps.length}`);
    for (const act of step.acts) {
      if (!await perform(act, mine)) return place;
    }
    if (!await wait(() => stepsDone() === place + 1, mine)) return place;
  }
  return steps.length;
}

function draw() {
  show(find("play"), playing ? "Stop" : "Play a call for me");
}

function inTheWay() {
  const busy = [...phones.values()].find((one) => one.state !== "idle" && steps.some((step) => step.who.includes(one.number)));
  if (busy) show(find("playing"), `${named(busy.number)} is in a call. Hang up first.`);
  return busy;
}

async function begin() {
  if (inTheWay()) return;
  const mine = {};
  playing = mine;
  draw();
  const place = await playAll(mine);
  if (playing !== mine) return;
  playing = null;
  draw();
  show(find("playing"), place === steps.length
    ? "That was the whole call." : `The call took another turn at step ${place + 1}. It's yours now.`);
}

function stop() {
  playing = null;
  draw();
  for (const look of [...waiting]) look();
  show(find("playing"), "Stopped. The call is yours now.");
}

find("play").hidden = !steps.some((step) => step.acts.length);
find("play").addEventListener("click", () => (playing ? stop() : begin()));
