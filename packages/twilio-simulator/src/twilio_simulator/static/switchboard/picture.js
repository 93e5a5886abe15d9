// Who is where: each conversation, line and menu a box, and the people in it.

import { find, make, replace } from "./dom.js";
import { named } from "./names.js";

function person(number, state = "") {
  const item = make("li", named(number), `person ${state.replace(" ", "-")}`);
  if (state) item.append(make("small", state));
  return item;
}

function box(title, kind, people) {
  const node = make("div", "", `box ${kind}`);
  const list = make("ul");
  list.append(...people);
  node.append(make("h3", title), list);
  return node;
}

function rooms(world) {
  return world.rooms.filter((room) => room.members.length).map((room) => box(
    room.status === "in-progress" ? "Talking together" : "Waiting for others", "room",
    room.members.map((one) => person(one.number, one.held ? "on hold" : one.muted ? "muted" : "")),
  ));
}

function queues(world) {
  return world.queues.filter((queue) => queue.members.length).map((queue) => box(
    "Waiting in line", "queue", queue.members.map((number, place) => person(number, `place ${place + 1}`)),
  ));
}

function others(world, placed) {
  const boxes = [];
  for (const phone of world.phones) {
    if (placed.has(phone.number) || phone.state === "idle") continue;
    if (phone.with.length === 1 && phone.number < phone.with[0]) {
      boxes.push(box("Talking together", "room", [person(phone.number), person(phone.with[0])]));
    } else if (phone.state === "ringing") {
      boxes.push(box("Ringing", "ringing", [person(phone.number)]));
    } else if (!phone.with.length) {
      const state = phone.state === "dialling" ? "dialling" : phone.music ? "hears music" : "";
      boxes.push(box("Talking to the service", "alone", [person(phone.number, state)]));
    }
  }
  return boxes;
}

export function drawPicture(world) {
  const placed = new Set([
    ...world.rooms.flatMap((room) => room.members.map((one) => one.number)),
    ...world.queues.flatMap((queue) => queue.members),
  ]);
  const boxes = [...rooms(world), ...queues(world), ...others(world, placed)];
  replace(find("picture"), boxes.length ? boxes : [make("p", "Nobody is in a call.", "quiet")]);
}
