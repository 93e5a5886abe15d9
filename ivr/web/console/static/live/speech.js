// Tells a screen reader what has changed, with pauses so that it does not disturb.

const PAUSE = 8000; // ms between two words

const said = document.getElementById("said");
let spoken = "";
let next = "";
let quiet = null;

/** Say this now, or, when something was just said, the newest there is once the pause is over. */
export function speak(words) {
  if (!spoken) spoken = words; // what the page showed when it came
  next = words;
  if (quiet || next === spoken) return;
  said.textContent = spoken = next;
  quiet = setTimeout(() => {
    quiet = null;
    speak(next);
  }, PAUSE);
}
