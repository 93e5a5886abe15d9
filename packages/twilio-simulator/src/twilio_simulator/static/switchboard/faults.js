// What can go wrong, each by one click. Pressed is what is planned and has not happened yet.

import { find, make, replace, show } from "./dom.js";
import { act } from "./network.js";

const LEG = "call.status.*";
const ROOM = "conference.*";
const VOICE = "*";
const CREATE = { method: "POST", path: "*Calls.json" };

const FAULTS = [
  ["Status callbacks", [
    ["A call's status callback is lost", { what: "lost", kind: LEG, seconds: 0 }],
    ["A call's status callback comes twice", { what: "duplicate", kind: LEG, seconds: 2 }],
    ["A call's status callback is 20 s late", { what: "late", kind: LEG, seconds: 20 }],
    ["Status callbacks come out of order", { what: "shuffle", kind: LEG, seconds: 10 }],
    ["The caller's last status callback is lost", { what: "lost", kind: "number.status_callback", seconds: 0 }],
    ["A conference event is lost", { what: "lost", kind: ROOM, seconds: 0 }],
    ["A conference event comes twice", { what: "duplicate", kind: ROOM, seconds: 2 }],
    ["Conference events come out of order", { what: "shuffle", kind: ROOM, seconds: 10 }],
  ]],
  ["Webhooks", [
    ["The application answers 500", { what: "fetch", url: VOICE, how: 500 }],
    ["The application takes 16 s", { what: "slow", url: VOICE, seconds: 16 }],
    ["The application answers half a document", { what: "fetch", url: VOICE, how: "bad-xml" }],
    ["The application answers JSON", { what: "fetch", url: VOICE, how: "wrong-type" }],
    ["The connection breaks once", { what: "fetch", url: VOICE, how: "connect-once" }],
    ["The connection breaks twice", { what: "fetch", url: VOICE, how: "connect" }],
  ]],
  ["REST requests", [
    ["Creating a call gets 429", { what: "rest", ...CREATE, status: 429, when: "before" }],
    ["Creating a call gets 500, no call", { what: "rest", ...CREATE, status: 500, when: "before" }],
    ["Creating a call gets 500, and a call", { what: "rest", ...CREATE, status: 500, when: "after" }],
    ["Creating a call gets no answer, no call", { what: "rest", ...CREATE, status: 0, when: "before" }],
    ["Creating a call gets no answer, and a call", { what: "rest", ...CREATE, status: 0, when: "after" }],
    ["Lists are 30 s behind", { what: "lag", seconds: 30 }],
  ]],
];

const buttons = [];

const same = (one, other) => Object.keys(one).length === Object.keys(other).length
  && Object.entries(one).every(([name, value]) => other[name] === value);

for (const [title, faults] of FAULTS) {
  const group = make("div", "", "fault-group");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", title);
  group.append(make("h3", title));
  for (const [words, plan] of faults) {
    const button = make("button", words);
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", async () => {
      const planned = button.getAttribute("aria-pressed") === "true";
      const done = await act(planned ? "/faults/take-back" : "/faults", plan);
      if (done) button.setAttribute("aria-pressed", String(!planned));
    });
    buttons.push([button, plan]);
    group.append(button);
  }
  find("faults").append(group);
}

export function drawFaults(world) {
  for (const [button, plan] of buttons) {
    button.setAttribute("aria-pressed", String(world.faults.some((one) => same(one, plan))));
  }
  show(find("warning-count"), world.warnings.length ? `(${world.warnings.length})` : "");
  replace(find("warnings"), world.warnings.length
    ? world.warnings.map((line) => make("li", line))
    : [make("li", "The network found nothing wrong with the application.", "quiet")]);
}
