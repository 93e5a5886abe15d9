// The page asks for itself every few seconds. When no answer comes, it says since when: old figures must not look new.

const EVERY = 5000;
const main = document.querySelector("main");
const stale = document.querySelector("#stale");
let answered = new Date();

async function look() {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (answer.status === 404) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    main.replaceChildren(...page.querySelector("main").childNodes);
    answered = new Date();
    stale.hidden = true;
  } catch {
    stale.querySelector("time").textContent = answered.toLocaleTimeString();
    stale.hidden = false;
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
