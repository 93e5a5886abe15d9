// What is said aloud by the browser, in the language of the prompt, and what it hears, where it can.

import { isMuted } from "./sound.js";

const speaks = typeof speechSynthesis !== "undefined";
const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;

export const canSpeak = speaks;
export const canListen = Boolean(Recognition);

function voiceFor(language) {
  const voices = speechSynthesis.getVoices();
  return voices.find((one) => one.lang === language)
    ?? voices.find((one) => one.lang.split(/[-_]/)[0] === language.split("-")[0]) ?? null;
}

export function hush() {
  if (speaks) speechSynthesis.cancel();
}

export function speak(text, language) {
  if (!speaks || isMuted()) return;
  const words = new SpeechSynthesisUtterance(text);
  words.lang = language || "en-US";
  words.voice = voiceFor(words.lang);
  speechSynthesis.speak(words);
}

/** Listens once; `then` gets the words, `over` is called in any case. */
export function listen(language, then, over) {
  const ear = new Recognition();
  ear.lang = language || "en-US";
  ear.addEventListener("result", (event) => then(event.results[0][0].transcript));
  ear.addEventListener("end", over);
  ear.addEventListener("error", over);
  ear.start();
  return ear;
}
