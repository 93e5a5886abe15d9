// Who is being called, wherever the page is: a bar with an answer button, and the title of the window.

import { find, make, replace } from "./dom.js";
import { named } from "./names.js";
import { answer } from "./phone.js";

const TITLE = document.title;

function line(phone) {
  const node = make("p");
  const caller = make("span", `${named(phone.caller)} is calling`, "caller");
  const button = make("button", `Answer as ${phone.name || phone.number}`, "go");
  button.type = "button";
  button.dataset.number = phone.number;
  node.append(make("strong", `${phone.name || phone.number}'s phone is ringing`), caller, button);
  return node;
}

find("ringing").addEventListener("click", (event) => {
  const { number } = event.target.dataset;
  if (number) answer(number);
});

export function drawRinging(world) {
  const ringing = world.phones.filter((phone) => phone.state === "ringing");
  replace(find("ringing"), ringing.map(line));
  const title = ringing.length ? `☎ ${ringing.map((one) => one.name || one.number).join(", ")} - ringing` : TITLE;
  if (document.title !== title) document.title = title;
}
