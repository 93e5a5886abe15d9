// Plays a sound and shows a desktop notification when a telephone rings, only for people who switched this on.

const KEPT = "line.alerts";
let sound;

/** Let `button` switch them on and off. */
export function offer(button) {
  const show = () => button.setAttribute("aria-pressed", String(isOn()));
  button.addEventListener("click", async () => {
    localStorage.setItem(KEPT, isOn() ? "off" : "on");
    show();
    if (!isOn()) return;
    chime();
    if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
  });
  show();
}

/** Somebody's telephone rings for the intake of this reference. */
export function ring(reference) {
  if (!isOn()) return;
  chime();
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const note = new Notification("Your phone is ringing", { body: `Intake ${reference}. Press 1 to accept.`, tag: reference });
  note.onclick = () => window.focus();
}

function isOn() {
  return localStorage.getItem(KEPT) === "on";
}

function chime() {
  sound ??= new AudioContext();
  sound.resume();
  [660, 880].forEach((pitch, place) => {
    const begins = sound.currentTime + place * 0.18;
    const tone = new OscillatorNode(sound, { frequency: pitch });
    const volume = new GainNode(sound, { gain: 0 });
    volume.gain.setValueAtTime(0.12, begins);
    volume.gain.exponentialRampToValueAtTime(0.001, begins + 0.35);
    tone.connect(volume).connect(sound.destination);
    tone.start(begins);
    tone.stop(begins + 0.4);
  });
}
