// One phone: its screen, its keys, what it heard and said.

import { linksOf, roleOf } from "./book.js";
import { find, make, show } from "./dom.js";
import { drawManner, manner } from "./manner.js";
import { named, place } from "./names.js";
import { phoneAct } from "./network.js";
import { keyTone } from "./sound.js";
import { choose } from "./tabs.js";
import { canListen, canSpeak, hush, listen, speak } from "./voice.js";

const KEYS = "123456789*0#";
const OWN = new Set(["said", "pressed"]);
const SPOKEN = new Set(["heard-say", "heard-voice"]);
const KEPT = 200;
const WORDS = {
  "heard-ring": () => "ringing", "heard-tone": (text) => `(${text})`, "heard-play": () => "♪ music or a recording",
  dialled: (text) => `dialed ${text}`, ringing: (text) => `${named(text)} is calling`, answered: () => "answered",
  missed: (text) => `missed (${text})`, joined: (text) => `joined ${place(text)}`, left: (text) => `left ${place(text)}`,
  held: () => "on hold", resumed: () => "off hold", waiting: () => "waiting in line", "line-lost": () => "the line is lost",
  "hung-up": () => "hung up", sounded: (text) => `(${text})`, "came-on": (text) => `${text} comes on the line`,
};
const cards = new Map();
let ear = null;

export const cardOf = (number) => cards.get(number);

/** The phone that is heard aloud: one at a time, or there would be a choir. */
export function listenTo(number) {
  ear = number;
  hush();
  for (const [own, card] of cards) {
    card.querySelector(".ear").setAttribute("aria-pressed", String(own === ear));
  }
}

function press(number, key) {
  use(number);
  keyTone(key);
  phoneAct(number, "press", { keys: key });
}

/** The phone in hand is the one that is heard. */
export function use(number) {
  if (number !== ear) listenTo(number);
  else hush();
}

/** Answers, and brings it before the eye and under the fingers: the button that was pressed is gone. */
export async function answer(number) {
  use(number);
  if (!await phoneAct(number, "answer")) return;
  choose(number);
  cards.get(number).focus();
}

function keypad(node, number) {
  for (const key of KEYS) {
    const button = make("button", key);
    button.type = "button";
    button.addEventListener("click", () => press(number, key));
    node.querySelector(".keys").append(button);
  }
  node.addEventListener("keydown", (event) => {
    const typed = !event.target.matches("input, select") && KEYS.includes(event.key) && !event.ctrlKey && !event.metaKey;
    if (typed && node.dataset.state === "in-call") press(number, event.key);
  });
}

function forms(node, number) {
  for (const button of node.querySelectorAll("button[data-act]")) {
    button.addEventListener("click", () => {
      if (button.dataset.act === "answer") answer(number);
      else phoneAct(number, button.dataset.act);
    });
  }
  for (const form of node.querySelectorAll("form")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const isDial = form.dataset.act === "dial";
      if (isDial) use(number);
      const words = Object.fromEntries(new FormData(form));
      if (form.dataset.act === "say") form.reset();
      if (!await phoneAct(number, form.dataset.act, words)) return;
      if (isDial) node.focus();
      else form.closest("details")?.removeAttribute("open");
    });
  }
}

function speaking(node, number) {
  const button = node.querySelector(".speak");
  let stop = null;
  button.hidden = !canListen;
  button.addEventListener("click", () => {
    if (stop) { stop(); return; }
    hush();
    button.setAttribute("aria-pressed", "true");
    const ear = listen(node.dataset.language, (text) => phoneAct(number, "say", { text }), () => {
      stop = null;
      button.setAttribute("aria-pressed", "false");
    });
    stop = () => ear.stop();
  });
}

function links(node, number) {
  const place = node.querySelector(".links");
  for (const { words, url } of linksOf(number)) {
    const link = make("a", words);
    link.href = url;
    link.target = "_blank";
    link.rel = "noreferrer";
    link.setAttribute("aria-label", `${words} of ${named(number)}, in a new window`);
    place.append(link);
  }
  place.hidden = !place.childElementCount;
}

function card(phone, line) {
  if (cards.has(phone.number)) return cards.get(phone.number);
  const node = find("phone").content.firstElementChild.cloneNode(true);
  const { number } = phone;
  node.querySelector("[name=to]").value = line || "";
  keypad(node, number);
  forms(node, number);
  manner(node);
  speaking(node, number);
  const hear = node.querySelector(".ear");
  hear.hidden = !canSpeak;
  hear.addEventListener("click", () => listenTo(ear === number ? null : number));
  cards.set(number, node);
  links(node, number);
  const isFirst = cards.size === 1;
  node.querySelector(".outgoing").open = isFirst;
  find(isFirst ? "first" : "others").append(node);
  return node;
}

export function stateOf(phone) {
  if (phone.state === "ringing") return `Ringing: ${named(phone.caller)}`;
  if (phone.state === "dialling") return "Dialing";
  if (phone.state === "idle") return "Idle";
  if (phone.held) return "On hold";
  if (phone.with.length) return `Talking to ${phone.with.map(named).join(", ")}`;
  if (phone.waiting) return "Waiting in line";
  if (phone.listening) return phone.listening.kind === "record" ? "Recording: speak" : "Waiting for you to press or speak";
  return "In a call";
}

/** Whoever rings or talks comes before those who are idle, unless somebody is about to do something there. */
function bringForward(node) {
  if (node.parentElement.id !== "others" || node.contains(document.activeElement)) return;
  const idle = [...find("others").children].find((one) => one === node || one.dataset.state === "idle");
  if (idle !== node) find("others").insertBefore(node, idle);
}

export function drawPhone(phone, line) {
  const node = card(phone, line);
  const name = phone.name || phone.number;
  if (node.dataset.state !== phone.state) {
    node.dataset.state = phone.state;
    if (phone.state !== "idle") bringForward(node);
  }
  node.classList.toggle("joined", phone.with.length > 0);
  node.setAttribute("aria-label", name);
  node.querySelector(".log").setAttribute("aria-label", `What ${name} hears`);
  show(node.querySelector("h2"), name);
  show(node.querySelector(".number"), [phone.number, roleOf(phone.number)].filter(Boolean).join(", "));
  show(node.querySelector(".state"), stateOf(phone));
  drawManner(node, phone);
}

/** One more line of the transcript; said aloud if this is the phone at the ear, which hears its own words too when others do. */
export function writeEntry(entry) {
  const node = cards.get(entry.number);
  if (!node) return;
  const spoken = SPOKEN.has(entry.kind);
  const words = WORDS[entry.kind]?.(entry.text) ?? entry.text;
  const item = make("p", words, OWN.has(entry.kind) ? "own" : spoken ? entry.kind : "event");
  if (entry.kind === "heard-say" && entry.language) {
    item.lang = entry.language;
    node.dataset.language = entry.language;
  }
  const log = node.querySelector(".log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  log.append(item);
  if (log.childElementCount > KEPT) log.firstElementChild.remove();
  if (atEnd) log.scrollTop = log.scrollHeight;
  if (entry.number !== ear) return;
  if (OWN.has(entry.kind) || entry.kind === "hung-up") hush();
  const isToOthers = entry.kind === "said" && node.classList.contains("joined");
  if (spoken || isToOthers) speak(entry.text, entry.language || node.dataset.language);
}
