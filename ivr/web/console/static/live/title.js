// The title of the window: the page's own, or a notice that this person's telephone rings.

let own = document.title;
let ringsFor = null; // the reference of an intake

/** The page has another title of its own; without `words` it keeps the one it has. */
export function name(words) {
  own = words ?? own;
  show();
}

/** Their telephone rings for this intake. */
export function rings(reference) {
  ringsFor = reference;
  show();
}

/** It was picked up or has stopped, if it rang for this intake; without `reference` whatever it rang for. */
export function stops(reference = null) {
  if (reference === null || reference === ringsFor) ringsFor = null;
  show();
}

function show() {
  document.title = ringsFor ? `☎ Your phone is ringing · ${own}` : own;
}
