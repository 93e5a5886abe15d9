// The title of the window: the page's own, or a notice that this person's telephone rings.

const NOTICE = "☎ Your phone is ringing · ";
let own = document.title.replace(NOTICE, "");
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

/** It was picked up or has stopped, if it rang for this intake; without `reference` whatever it rang for. Whether it did. */
export function stops(reference = null) {
  const did = ringsFor !== null && (reference === null || reference === ringsFor);
  if (did) ringsFor = null;
  show();
  return did;
}

function show() {
  document.title = ringsFor ? NOTICE + own : own;
}
