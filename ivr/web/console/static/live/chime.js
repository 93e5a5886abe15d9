// Two tones, made by the browser. It lets a page make a sound only after somebody has touched it.

const SOFT = 0.12;
let sound;

/** Play them; `loud` is for a phone in a pocket, the other for a desk. */
export function chime({ loud = false } = {}) {
  sound ??= new AudioContext();
  sound.resume();
  [660, 880].forEach((pitch, place) => {
    const begins = sound.currentTime + place * 0.18;
    const tone = new OscillatorNode(sound, { frequency: pitch });
    const volume = new GainNode(sound, { gain: 0 });
    volume.gain.setValueAtTime(loud ? 1 : SOFT, begins);
    volume.gain.exponentialRampToValueAtTime(0.001, begins + 0.35);
    tone.connect(volume).connect(sound.destination);
    tone.start(begins);
    tone.stop(begins + 0.4);
  });
}
