// Changes a part of the page into its new version and leaves equal elements in place, so that focus, selection, scroll
// and playback stay. It never changes what a person is using: a form being filled in, a box they opened.

const FIELDS = "input:not([type=hidden]), textarea, select";

/** Make `from` like `to`. Elements are known by their id, everything else by its place. */
export function morph(from, to) {
  if (from.isEqualNode(to) || (isSaid(from) && !to.textContent.trim())) return;
  if (from.nodeName === "FORM" && isInHand(from)) {
    follow(from, to);
  } else if (from.nodeName !== to.nodeName || from.id !== to.id) {
    if (!isInHand(from)) from.replaceWith(to);
  } else if (from.nodeType !== Node.ELEMENT_NODE) {
    from.nodeValue = to.nodeValue;
  } else {
    attributes(from, to);
    children(from, to);
    if (from.matches("input:not([type=hidden], [type=checkbox], [type=radio]), textarea")) from.value = to.defaultValue;
  }
}

/** Whether somebody writes in this element, or has written what was not sent yet. */
export function isInHand(element) {
  if (element.nodeType !== Node.ELEMENT_NODE) return false;
  if (element.matches("form[data-typed]") || element.querySelector("form[data-typed]")) return true;
  return [...element.querySelectorAll(FIELDS)].some((one) => one === document.activeElement || isTyped(one));
}

/** Whether anything on the page was written and not sent yet. */
export function isUnsaved() {
  return document.querySelector("main form[data-typed]") !== null || [...document.querySelectorAll(`main :is(${FIELDS})`)].some(isTyped);
}

/** Whether a field has something else in it than the page came with. */
function isTyped(one) {
  if (one.type === "checkbox" || one.type === "radio") return one.checked !== one.defaultChecked;
  if (one.options) return one.value !== ([...one.options].find((option) => option.defaultSelected) ?? one.options[0])?.value;
  return one.value !== one.defaultValue;
}

// What an act was answered stays to be read, until something else is said.
function isSaid(node) {
  return node.dataset?.said !== undefined || node.dataset?.error !== undefined;
}

/** A form in hand stays as it is, but for what it says of the record (`data-follows`). */
function follow(from, to) {
  for (const one of from.querySelectorAll("[data-follows]")) {
    const wanted = to.querySelector?.(`#${CSS.escape(one.id)}`);
    if (wanted) morph(one, wanted);
  }
}

function attributes(from, to) {
  // What a person has opened stays open, and what they have folded stays folded.
  const isTheirs = (name) => name === "open";
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value && !isTheirs(name)) from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name) && !isTheirs(name)) from.removeAttribute(name);
}

function children(from, to) {
  const wantedIds = new Set([...to.children].map((one) => one.id).filter(Boolean));
  for (const one of [...from.children]) if (one.id && !wantedIds.has(one.id) && !isInHand(one)) one.remove();
  const kept = new Set([...from.children].filter((one) => one.id && !wantedIds.has(one.id)));
  const known = new Map([...from.children].filter((one) => one.id).map((one) => [one.id, one]));
  const past = (node) => (kept.has(node) ? past(node.nextSibling) : node);
  let here = past(from.firstChild);
  for (const wanted of [...to.childNodes]) {
    const found = wanted.id ? known.get(wanted.id) : here?.nodeName === wanted.nodeName && !here.id ? here : null;
    if (!found) {
      from.insertBefore(wanted, here);
    } else {
      while (here && here !== found && !here.id) here = past(without(here)); // to move what has the focus would lose it
      if (found === here) here = past(here.nextSibling);
      else from.insertBefore(found, here);
      morph(found, wanted);
    }
  }
  while (here) here = past(without(here));
}

function without(node) {
  const next = node.nextSibling;
  if (!isInHand(node)) node.remove();
  return next;
}
