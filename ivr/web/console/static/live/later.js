// What was pressed while the line could not be reached (a form with data-later) is kept on the phone, and sent in its order
// once it can be. Each has the id of its form, so what arrives twice is done once.

import { show } from "./acts.js";
import * as drafts from "./drafts.js";
import { touch } from "./parts.js";
import { post, whenReached } from "./reach.js";

const LATER = "later ";
let going = null;

const kept = () => drafts.under(LATER);

function say() {
  const words = kept().map(([, one]) => one.words);
  const place = document.getElementById("later");
  place.hidden = !words.length;
  place.textContent = words.length ? `Not sent yet: ${words.join("; ")}.` : "";
}

function keep({ detail: { form, button, body } }) {
  const pairs = [...body].filter(([name]) => name !== "csrf_token"); // the page at that time has its own
  const words = button.getAttribute("aria-label") ?? button.textContent;
  drafts.write(`${LATER}${new URL(form.action).pathname} ${button.value}`, { action: form.action, pairs, words });
  say();
}

/** Whether some of it could not be sent. */
async function send() {
  for (const [key, { action, pairs, words }] of kept()) {
    const answer = await post(action, pairs);
    if (!answer) return true;
    drafts.drop(key);
    say();
    const why = answer.status === 409 ? await answer.text() : "Look at the visit, and press it again.";
    if (!answer.ok) show(`Not saved: ${words}. ${why}`);
    touch();
  }
  return false;
}

const sendOnce = () => (going ??= send().finally(() => (going = null)));

document.addEventListener("line:later", keep);
whenReached(sendOnce);
say();
sendOnce();
