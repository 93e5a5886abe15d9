// Typed text that the server has not saved yet: kept for this tab until it is saved or the person logs out.

const TYPED = "line.typed";
const OUT = "line.out"; // when somebody last logged out in this browser

/** Whose page this is. */
export const person = document.querySelector("meta[name=account]")?.content;

let leaves = false; // they are logging out: what the page does as it ends is not kept

export function read(key) {
  return all()[key];
}

export function write(key, draft) {
  if (!leaves) store({ ...all(), [key]: { ...draft, at: Date.now() } });
}

export function drop(key) {
  const { [key]: gone, ...others } = all();
  if (gone) store(others);
}

function all() {
  const { whose, drafts } = JSON.parse(sessionStorage.getItem(TYPED) ?? "{}");
  return whose === person ? drafts : {};
}

function store(drafts) {
  if (Object.keys(drafts).length) sessionStorage.setItem(TYPED, JSON.stringify({ whose: person, drafts }));
  else sessionStorage.removeItem(TYPED);
}

// Another person's is not kept, and nobody's from before the last log-out, which may have been in another tab.
const out = Number(localStorage.getItem(OUT));
store(Object.fromEntries(Object.entries(all()).filter(([, { at }]) => at > out)));

document.addEventListener("submit", ({ target }) => {
  if (!target.matches("form[data-logs-out]")) return;
  localStorage.setItem(OUT, Date.now());
  store({});
  leaves = true;
});
document.addEventListener("input", () => (leaves = false), { capture: true }); // they have stayed
