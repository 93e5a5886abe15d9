"use strict";

const KEYS = "123456789*0#";
const OWN = new Set(["said", "pressed"]);
const WORDS = {
  "heard-ring": () => "ringing", "heard-tone": (text) => `(${text})`, dialled: (text) => `dials ${text}`,
  ringing: (text) => `${named(text)} is calling`, answered: () => "answered", missed: (text) => `missed (${text})`,
  joined: (text) => `joined ${place(text)}`, left: (text) => `left ${place(text)}`, held: () => "on hold",
  resumed: () => "off hold", waiting: () => "waits in line", "hung-up": () => "hung up",
};
const cards = new Map();
let seen = 0;
let ear = null;
let names = new Map();
let stale = false;
let looking = false;

const find = (id) => document.getElementById(id);
const place = (text) => (names.has(text) ? named(text) : "the conversation");
const named = (number) => names.get(number) || number;

function make(tag, text, kind) {
  const node = document.createElement(tag);
  node.textContent = text;
  if (kind) node.className = kind;
  return node;
}

async function act(number, what, body = {}) {
  const trouble = find("trouble");
  trouble.hidden = true;
  try {
    const path = number ? `/phones/${encodeURIComponent(number)}/${what}` : "/phones";
    const answer = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error((await answer.json()).error);
  } catch (error) {
    trouble.textContent = error.message;
    trouble.hidden = false;
  }
  look();
}

function listenTo(number) {
  ear = number;
  speechSynthesis?.cancel();
  for (const [own, card] of cards) {
    card.querySelector(".ear").setAttribute("aria-pressed", String(own === ear));
  }
}

function card(phone, line) {
  if (cards.has(phone.number)) return cards.get(phone.number);
  const node = find("phone").content.firstElementChild.cloneNode(true);
  const { number } = phone;
  node.querySelector("[name=to]").value = line || "";
  for (const key of KEYS) {
    const button = make("button", key);
    button.type = "button";
    button.addEventListener("click", () => act(number, "press", { keys: key }));
    node.querySelector(".keys").append(button);
  }
  for (const button of node.querySelectorAll("button[data-act]")) {
    button.addEventListener("click", () => act(number, button.dataset.act));
  }
  for (const form of node.querySelectorAll("form")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (ear === null) listenTo(number);
      act(number, form.dataset.act, Object.fromEntries(new FormData(form)));
      if (form.dataset.act === "say") form.reset();
    });
  }
  node.querySelector(".ear").addEventListener("click", () => listenTo(ear === number ? null : number));
  node.addEventListener("keydown", (event) => {
    const typed = event.target.tagName !== "INPUT" && KEYS.includes(event.key) && !event.ctrlKey && !event.metaKey;
    if (typed && node.dataset.state === "in-call") act(number, "press", { keys: event.key });
  });
  if (typeof speechSynthesis === "undefined") node.querySelector(".ear").hidden = true;
  cards.set(number, node);
  find("phones").append(node);
  return node;
}

function stateOf(phone) {
  if (phone.state === "ringing") return `It rings: ${named(phone.caller)}`;
  if (phone.state === "dialling") return "Dialling";
  if (phone.state === "idle") return "On the hook";
  if (phone.held) return "On hold";
  if (phone.with.length) return `Talking to ${phone.with.map(named).join(", ")}`;
  if (phone.waiting) return "Waiting in line";
  if (phone.listening) return phone.listening.kind === "record" ? "Being recorded: speak" : "It listens";
  return "In a call";
}

function show(text, target, value) {
  const node = target.querySelector(text);
  if (node.textContent !== value) node.textContent = value;
}

function draw(world) {
  names = new Map(world.phones.map((phone) => [phone.number, phone.name || phone.number]));
  for (const line of world.numbers) names.set(line, "the line");
  find("clock").textContent = new Date(world.clock).toLocaleString([], { weekday: "long", hour: "2-digit", minute: "2-digit" });
  find("clock").dateTime = world.clock;
  find("lines").textContent = `· the line is ${world.numbers.join(", ")}`;
  for (const phone of world.phones) {
    const node = card(phone, world.numbers[0]);
    node.dataset.state = phone.state;
    node.setAttribute("aria-label", phone.name || phone.number);
    node.querySelector(".log").setAttribute("aria-label", `What ${phone.name || phone.number} hears`);
    show("h2", node, phone.name || phone.number);
    show(".number", node, phone.number);
    show(".state", node, stateOf(phone));
  }
  find("joined").replaceChildren(...groups(world));
}

function group(label, people) {
  const node = make("div", "", "group");
  node.append(make("b", label), ...people);
  return node;
}

function groups(world) {
  const rooms = world.rooms.filter((room) => room.members.length).map((room) => group(
    room.status === "in-progress" ? "Together:" : "In a room:",
    room.members.map((one) => make("span", `${one.name || one.number}${one.held ? " (on hold)" : one.muted ? " (muted)" : ""}`, one.held ? "away" : "")),
  ));
  const inRooms = new Set(world.rooms.flatMap((room) => room.members.map((one) => one.number)));
  const pairs = world.phones
    .filter((phone) => phone.with.length === 1 && phone.number < phone.with[0] && !inRooms.has(phone.number))
    .map((phone) => group("Together:", [make("span", `${named(phone.number)}, ${named(phone.with[0])}`)]));
  const lines = world.queues.filter((queue) => queue.members.length)
    .map((queue) => group("In line:", queue.members.map((number) => make("span", named(number)))));
  const all = [...rooms, ...pairs, ...lines];
  return all.length ? all : [make("span", "Nobody is joined to anybody.", "quiet")];
}

function write(entry) {
  const node = cards.get(entry.number);
  if (!node) return;
  const words = WORDS[entry.kind]?.(entry.text) ?? (entry.kind === "heard-play" ? "♪" : entry.text);
  const heard = entry.kind === "heard-say" || entry.kind === "heard-voice";
  const item = make("p", words, OWN.has(entry.kind) ? "own" : heard ? "" : "event");
  const log = node.querySelector(".log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  log.append(item);
  if (atEnd) log.scrollTop = log.scrollHeight;
  if (entry.number !== ear || typeof speechSynthesis === "undefined") return;
  if (OWN.has(entry.kind) || entry.kind === "hung-up") speechSynthesis.cancel();
  if (heard) speechSynthesis.speak(new SpeechSynthesisUtterance(entry.text));
}

async function look() {
  if (looking) { stale = true; return; }
  looking = true;
  try {
    draw(await (await fetch("/phones.json")).json());
    const { entries } = await (await fetch(`/transcript.json?after=${seen}`)).json();
    for (const entry of entries) {
      if (entry.id > seen) { seen = entry.id; write(entry); }
    }
    find("link").textContent = "";
  } catch {
    find("link").textContent = "The network does not answer.";
  } finally {
    looking = false;
    if (stale) { stale = false; look(); }
  }
}

find("add").addEventListener("submit", (event) => {
  event.preventDefault();
  act(null, "", Object.fromEntries(new FormData(event.target)));
  event.target.reset();
});
const events = new EventSource("/events");
events.addEventListener("message", look);
events.addEventListener("error", () => { find("link").textContent = "The network does not answer."; });
look();
