// Keeps each field of an intake as it is left, and shows what others keep. Without this the form and its button do it.

const RESTS = 1500; // ms without a key before a field is kept
const waits = new WeakMap();
const sends = new WeakMap(); // one at a time for each field: the answer brings what the next one has to say it saw

const field = (input) => input.closest("[data-field]");
const was = (input) => input.form.elements[`was_${input.name}`];
const isTouched = (input) => input.value !== was(input).dataset.shown;
const inputs = () => [...document.querySelectorAll("form[data-keeps] [data-field] :is(input:not([type=hidden]), textarea, select)")];

function remember(input, { was: kept, shown }) {
  was(input).value = kept;
  was(input).dataset.shown = shown;
  if ("defaultValue" in input) input.defaultValue = shown;
  const mark = document.getElementById(`${input.name}-mark`);
  if (mark) [mark.dataset.tone, mark.textContent] = kept ? ["done", "filled"] : ["owed", "missing"];
}

function keep(input, more = {}) {
  clearTimeout(waits.get(input));
  const after = (sends.get(input) ?? Promise.resolve()).then(() => send(input, more));
  sends.set(input, after.catch(() => say(input.form, "Not saved: the line cannot be reached.")));
}

async function send(input, more) {
  if (!isTouched(input) && !Object.keys(more).length) return;
  const typed = input.value;
  const body = new URLSearchParams({ csrf_token: input.form.elements.csrf_token.value, [input.name]: typed, ...more });
  body.set(`was_${input.name}`, was(input).value);
  const answer = await fetch(input.form.action, { method: "POST", body, headers: { "X-Live": "1" } });
  if (answer.redirected) return say(input.form, "Not saved: you are logged out. Log in in another window.");
  if (![200, 409, 422].includes(answer.status)) return say(input.form, "Not saved. Reload the page and try again.");
  const { fields, errors, conflicts, meant } = await answer.json();
  beside(input, errors[input.name] ?? "");
  field(input).querySelector(".conflict")?.remove();
  if (conflicts[input.name]) return choose(input, conflicts[input.name]);
  if (errors[input.name]) return say(input.form, "Not saved.");
  const now = fields[input.name];
  if (input.value === typed) input.value = now.shown; // they may have gone on typing
  remember(input, now);
  document.dispatchEvent(new Event("line:kept"));
  if (input.name === "contact_email") suggest(input, meant);
  const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  say(input.form, `Saved ${time}`);
}

function say(form, words) {
  form.querySelector(".kept").textContent = words;
}

function beside(input, words) {
  const id = `${input.name}-error`;
  document.getElementById(id)?.remove();
  const about = input.getAttribute("aria-describedby").split(" ").filter((one) => one !== id);
  input.toggleAttribute("aria-invalid", false);
  if (words) {
    const error = Object.assign(document.createElement("p"), { id, className: "error", textContent: words });
    field(input).append(error);
    input.setAttribute("aria-invalid", "true");
    about.push(id);
  }
  input.setAttribute("aria-describedby", about.join(" "));
}

function button(words, does) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: words });
  made.addEventListener("click", does);
  return made;
}

function choose(input, theirs) {
  const box = Object.assign(document.createElement("div"), { className: "conflict" });
  const words = Object.assign(document.createElement("p"), { className: "error", textContent: theirs.words });
  const quote = Object.assign(document.createElement("blockquote"), { textContent: theirs.shown || "nothing" });
  const done = (value) => {
    was(input).value = theirs.was;
    was(input).dataset.shown = theirs.shown;
    if (value !== null) input.value = value;
    box.remove();
    input.focus();
    keep(input);
  };
  const shown = input.type === "select-one" ? theirs.was : theirs.shown;
  box.append(words, quote, button("Keep mine", () => done(null)), button("Take theirs", () => done(shown)));
  field(input).append(box);
  say(input.form, "Not saved: somebody else has changed the same field.");
}

function suggest(input, meant) {
  field(input).querySelector(".meant")?.remove();
  if (!meant) return;
  const line = Object.assign(document.createElement("p"), { className: "meant", textContent: "Did you mean " });
  const take = () => {
    input.value = meant;
    line.remove();
    input.focus();
    keep(input);
  };
  line.append(button(meant, take), "?");
  field(input).append(line);
}

/** Keep what was typed now, and whether all of it is kept. */
export async function keepAll() {
  for (const input of inputs()) keep(input);
  await Promise.all(inputs().map((input) => sends.get(input)));
  return !inputs().some(isTouched);
}

/** Others have kept something: what nobody has touched here follows. */
async function renew() {
  const form = document.querySelector("form[data-keeps]");
  if (!form) return;
  const answer = await fetch(`${form.action}/fields`, { headers: { "X-Live": "1" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const { fields } = await answer.json();
  for (const input of inputs()) {
    if (isTouched(input) || input === document.activeElement || was(input).value === fields[input.name].was) continue;
    input.value = fields[input.name].shown;
    remember(input, fields[input.name]);
  }
}

for (const input of inputs()) {
  const isAgain = field(input).querySelector(".error"); // the page came back with what was typed
  was(input).dataset.shown = isAgain ? "\0" : (input.defaultValue ?? input.value);
  input.addEventListener("input", () => {
    clearTimeout(waits.get(input));
    waits.set(input, setTimeout(() => keep(input), RESTS));
  });
  input.addEventListener("change", () => keep(input));
  input.addEventListener("blur", () => keep(input));
}
document.addEventListener("line:changed", renew);
