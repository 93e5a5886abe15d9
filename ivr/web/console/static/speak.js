// Reads a field's text aloud, if the browser has a voice, with an example for each value in brackets. While the prompt's
// page says that a telephone is called, it looks how the call goes.

import { touch } from "./live/parts.js";

const LOOKS = 2000; // ms

setInterval(() => {
  if (document.querySelector("[data-calling]")) touch("prompt-call");
}, LOOKS);

if (typeof speechSynthesis !== "undefined") {
  for (const button of document.querySelectorAll("[data-speak]")) {
    const said = document.getElementById(button.dataset.speak);
    const values = JSON.parse(button.dataset.values);
    button.hidden = false;
    button.addEventListener("click", () => {
      const filled = said.value.replace(/\[([^[\]]*)\]/g, (whole, name) => values[name.replaceAll(" ", "_")] ?? whole);
      const words = new SpeechSynthesisUtterance(filled);
      words.lang = said.lang === "es" ? "es-US" : "en-US";
      speechSynthesis.cancel();
      speechSynthesis.speak(words);
    });
  }
}
