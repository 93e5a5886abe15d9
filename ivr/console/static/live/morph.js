// Makes a part of the page as it ought to be, and leaves what is right where it is: focus, selection and scroll stay.

/** Make `from` like `to`. Elements are known by their id, everything else by its place. */
export function morph(from, to) {
  if (from.isEqualNode(to) || from.dataset?.error !== undefined) return; // what was refused stays to be read
  if (from.nodeName !== to.nodeName || from.id !== to.id) {
    from.replaceWith(to);
  } else if (from.nodeType !== Node.ELEMENT_NODE) {
    from.nodeValue = to.nodeValue;
  } else {
    attributes(from, to);
    children(from, to);
  }
}

function attributes(from, to) {
  for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  for (const { name } of [...from.attributes]) {
    // What a person has opened stays open.
    if (!to.hasAttribute(name) && name !== "open") from.removeAttribute(name);
  }
}

function children(from, to) {
  const wantedIds = new Set([...to.children].map((one) => one.id).filter(Boolean));
  for (const one of [...from.children]) if (one.id && !wantedIds.has(one.id)) one.remove();
  const known = new Map([...from.children].filter((one) => one.id).map((one) => [one.id, one]));
  let here = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const found = wanted.id ? known.get(wanted.id) : here?.nodeName === wanted.nodeName && !here.id ? here : null;
    if (!found) {
      from.insertBefore(wanted, here);
    } else {
      while (here && here !== found && !here.id) here = without(here); // to move what has the focus would lose it
      if (found === here) here = here.nextSibling;
      else from.insertBefore(found, here);
      morph(found, wanted);
    }
  }
  while (here) here = without(here);
}

function without(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}
