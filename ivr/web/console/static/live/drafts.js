// Typed text that the server has not saved yet: kept for this tab until it is saved or the person logs out. A phone ends
// its pages as it likes, so the technician's page keeps it on the device, for a day at most.

const TYPED = "line.typed";
const LASTS = 24 * 60 * 60 * 1000; // ms
const OUT = "line.out"; // when somebody last logged out in this browser

const account = document.querySelector("meta[name=account]");
const place = account?.dataset.keeps === "device" ? localStorage : sessionStorage;

/** Whose page this is. */
export const person = account?.content;

let leaves = false; // they are logging out: what the page does as it ends is not kept

export function read(key) {
  return all()[key];
}

/** Those whose key begins so, oldest first. */
export function under(beginning) {
  const found = Object.entries(all()).filter(([key]) => key.startsWith(beginning));
  return found.sort(([, one], [, other]) => one.at - other.at);
}

export function write(key, draft) {
  if (!leaves) store({ ...all(), [key]: { ...draft, at: Date.now() } });
}

export function drop(key) {
  const { [key]: gone, ...others } = all();
  if (gone) store(others);
}

function all() {
  const { whose, drafts } = JSON.parse(place.getItem(TYPED) ?? "{}");
  return whose === person ? drafts : {};
}

function store(drafts) {
  if (Object.keys(drafts).length) place.setItem(TYPED, JSON.stringify({ whose: person, drafts }));
  else place.removeItem(TYPED);
}

// Another person's is not kept, and nobody's from before the last log-out, which may have been in another tab.
const out = Math.max(Number(localStorage.getItem(OUT)), Date.now() - LASTS);
store(Object.fromEntries(Object.entries(all()).filter(([, { at }]) => at > out)));

document.addEventListener("submit", ({ target }) => {
  if (!target.matches("form[data-logs-out]")) return;
  localStorage.setItem(OUT, Date.now());
  store({});
  leaves = true;
});
document.addEventListener("input", () => (leaves = false), { capture: true }); // they have stayed
