// Whose number it is, in words.

const names = new Map();

export function learn(world) {
  names.clear();
  for (const phone of world.phones) names.set(phone.number, phone.name || phone.number);
  for (const line of world.numbers) names.set(line, "the service");
}

export const named = (number) => names.get(number) || number;
export const place = (text) => (names.has(text) ? named(text) : "the conversation");
