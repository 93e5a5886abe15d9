// Puts the page on the phone's home screen, where the browser can ask for it, and has it say so when there is no connection.

navigator.serviceWorker?.register("/t/worker.js", { scope: "/t" }).catch(() => {}); // without it all else works

const box = document.getElementById("install");
const button = box?.querySelector("button");

addEventListener("beforeinstallprompt", (event) => {
  if (!button) return;
  event.preventDefault();
  button.hidden = false;
  button.addEventListener("click", () => event.prompt(), { once: true });
});
addEventListener("appinstalled", () => box?.remove());

// A link in a letter opens the browser, and on an iPhone the home screen's page does not share its log-in: it is pasted.
const pasted = document.getElementById("pasted");
if (pasted) pasted.hidden = false;
pasted?.addEventListener("submit", (event) => {
  event.preventDefault();
  const found = pasted.elements.link.value.match(/\/t\/[\w.-]{13,}/);
  if (found) location.assign(found[0]);
  else document.getElementById("pasted-error").textContent = "That isn't the link. It looks like https://.../t/ and many letters.";
});
