// Keeps the page's timers running, by the server's clock.

let ahead = 0; // ms by which the line's clock is before ours

/** The line says what time it is there. */
export function set(now) {
  ahead = Date.parse(now) - Date.now();
}

export function tick() {
  for (const timer of document.querySelectorAll("[data-since]:not(body)")) {
    timer.textContent = elapsed(Date.now() + ahead - Date.parse(timer.dataset.since));
  }
}

function elapsed(span) {
  const seconds = Math.max(0, Math.floor(span / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
