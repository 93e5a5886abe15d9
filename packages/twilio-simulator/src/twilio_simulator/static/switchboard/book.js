// The telephone book: whose phone it is, what else of theirs can be opened, and the steps of a call to try.

const book = await (await fetch("/book.json")).json();
const listed = new Map(book.phones.map((one) => [one.number, one]));

export const { steps, meanwhile, speed } = book;
export const roleOf = (number) => listed.get(number)?.role ?? "";
export const linksOf = (number) => listed.get(number)?.links ?? [];
