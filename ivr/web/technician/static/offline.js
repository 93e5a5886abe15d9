// Goes on to the page that was asked for, as soon as there is a connection. What was sent is not sent again: a GET.

const ASKS = 2000; // ms; a phone says "online" before it is

const goOn = () => location.replace(location.pathname + location.search);

async function look() {
  if (document.visibilityState !== "visible") return;
  const answer = await fetch("/t/manifest.webmanifest", { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer && answer.status < 500) goOn();
}

document.getElementById("again").addEventListener("click", goOn);
addEventListener("online", look);
document.addEventListener("visibilitychange", look);
setInterval(look, ASKS);
