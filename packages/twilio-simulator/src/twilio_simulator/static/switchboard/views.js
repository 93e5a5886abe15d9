// What is seen of the network, one view at a time: tabs, by mouse and by arrow keys.

import { find } from "./dom.js";

const tabs = [...find("views").children];

function choose(tab) {
  for (const one of tabs) {
    one.setAttribute("aria-selected", String(one === tab));
    one.tabIndex = one === tab ? 0 : -1;
    find(one.getAttribute("aria-controls")).hidden = one !== tab;
  }
}

function beside(tab, key) {
  const place = tabs.indexOf(tab);
  const places = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: -1 };
  return key in places ? tabs.at(places[key] % tabs.length) : null;
}

for (const tab of tabs) {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", (event) => {
    const other = beside(tab, event.key);
    if (!other) return;
    event.preventDefault();
    choose(other);
    other.focus();
  });
}

choose(tabs[0]);
