// Reads the page's text aloud, if the browser has a voice.

if (typeof speechSynthesis !== "undefined") {
  for (const button of document.querySelectorAll("[data-speak]")) {
    const said = document.getElementById(button.dataset.speak);
    button.hidden = false;
    button.addEventListener("click", () => {
      const words = new SpeechSynthesisUtterance(said.textContent);
      words.lang = said.lang === "es" ? "es-US" : "en-US";
      speechSynthesis.cancel();
      speechSynthesis.speak(words);
    });
  }
}
