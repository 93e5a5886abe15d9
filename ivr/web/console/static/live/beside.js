// Shows beside a field of an intake its errors, conflicts, a likely correction, and known values.

const keys = new Map(); // of what is known: each keeps its own as long as the page stands
const field = (input) => input.closest("[data-field]");

function button(words, more = {}) {
  return Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: words, ...more });
}

/** What is wrong with it, or nothing. */
export function refuse(input, words) {
  note(input, "error", words);
  input.toggleAttribute("aria-invalid", false);
  if (words) input.setAttribute("aria-invalid", "true");
}

/** What was taken out of it before it was kept, or nothing. */
export const warn = (input, words) => note(input, "removed", words);

/** That it is not kept yet. */
export function mark(input, isUnsaved) {
  note(input, "unsaved", isUnsaved ? "Not saved yet." : "");
}

export const isMarked = (input) => Boolean(document.getElementById(`${input.name}-unsaved`));

function note(input, kind, words) {
  const id = `${input.name}-${kind}`;
  const about = input.getAttribute("aria-describedby").split(" ").filter((one) => one !== id);
  document.getElementById(id)?.remove();
  if (words) {
    field(input).append(Object.assign(document.createElement("p"), { id, className: kind, textContent: words }));
    about.push(id);
  }
  input.setAttribute("aria-describedby", about.join(" "));
}

/** Somebody else was faster: `mine` or `take` is called when it is chosen whose counts. */
export function choose(input, theirs, mine, take) {
  settle(input);
  const box = Object.assign(document.createElement("div"), { className: "conflict" });
  const words = Object.assign(document.createElement("p"), { className: "error", textContent: theirs.words });
  const quote = Object.assign(document.createElement("blockquote"), { textContent: theirs.shown || "nothing" });
  box.append(words, quote, button("Keep mine", { onclick: mine }), button("Take theirs", { onclick: take }));
  field(input).append(box);
}

/** It is chosen, or there is nothing to choose. */
export function settle(input) {
  field(input).querySelector(".conflict")?.remove();
}

/** What was probably meant; `take` is called with it. */
export function suggest(input, meant, take) {
  field(input).querySelector(".meant")?.remove();
  if (!meant) return;
  const line = Object.assign(document.createElement("p"), { className: "meant", textContent: "Did you mean " });
  line.append(button(meant, { onclick: () => take(meant) }), "?");
  field(input).append(line);
}

/** What is known of it, as long as nothing stands in it. Without `known`, what was known so far. */
export function offer(input, known = null) {
  const box = field(input).querySelector(".known");
  if (known && known.map((one) => one.use).join() !== [...box.children].map((one) => one.value).join()) {
    box.replaceChildren(...known.map((one) => knownButton(one, input.labels[0].textContent)));
  }
  for (const { value, dataset } of box.children) keys.set(value, dataset.key);
  box.hidden = Boolean(input.value) || !box.children.length;
}

function knownButton({ use, words, typed }, label) {
  const key = keys.get(use) ?? ["1", "2", "3", "4", "5", "6", "7", "8", "9"].find((one) => ![...keys.values()].includes(one)) ?? "";
  keys.set(use, key);
  const made = button(words, { type: "submit", name: "use", value: use });
  made.append(Object.assign(document.createElement("span"), { className: "unseen", textContent: ` for ${label}` }), " ");
  Object.assign(made.dataset, { typed, key });
  made.setAttribute("aria-keyshortcuts", key);
  if (key) made.append(Object.assign(document.createElement("kbd"), { ariaHidden: "true", textContent: key }));
  return made;
}
