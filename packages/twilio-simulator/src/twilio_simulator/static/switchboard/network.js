// The way to the network: its control API, and the stream that says when to look again.

import { find, show } from "./dom.js";

/** Asks for something to be done; says in the page what could not be. */
export async function act(path, body = {}) {
  const trouble = find("trouble");
  trouble.hidden = true;
  try {
    const answer = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error((await answer.json()).error);
    return true;
  } catch (error) {
    show(trouble, error.message);
    trouble.hidden = false;
    return false;
  }
}

export const phoneAct = (number, what, body) => act(`/phones/${encodeURIComponent(number)}/${what}`, body);

async function ask(path) {
  const answer = await fetch(path);
  return answer.json();
}

/** Calls `draw(world)`, `heard(entry)` and `asked(request)` for what is new, then `seen(world)`, whenever something has happened. */
export function watch({ draw, heard, asked, seen }) {
  let lastEntry = 0;
  let lastRequest = 0;
  let looking = false;
  let again = false;

  async function news() {
    try {
      const [world, transcript, journal] = await Promise.all([
        ask("/phones.json"), ask(`/transcript.json?after=${lastEntry}`), ask(`/requests.json?after=${lastRequest}`),
      ]);
      show(find("link"), "");
      return { world, entries: transcript.entries, requests: journal.requests };
    } catch {
      show(find("link"), "The network does not answer.");
      return null;
    }
  }

  async function look() {
    if (looking) { again = true; return; }
    looking = true;
    const found = await news();
    looking = false;
    if (found) {
      draw(found.world);
      for (const entry of found.entries) { lastEntry = entry.id; heard(entry); }
      for (const request of found.requests) { lastRequest = request.id; asked(request); }
      seen(found.world);
    }
    if (again) { again = false; look(); }
  }

  const events = new EventSource("/events");
  events.addEventListener("message", look);
  events.addEventListener("error", () => show(find("link"), "The network does not answer."));
  look();
  return look;
}
