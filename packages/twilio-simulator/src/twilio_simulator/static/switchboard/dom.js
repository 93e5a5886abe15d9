// Small things that every part of the page needs.

export const find = (id) => document.getElementById(id);

export function make(tag, text = "", kind = "") {
  const node = document.createElement(tag);
  node.textContent = text;
  if (kind) node.className = kind;
  return node;
}

/** Writes only what is different, so that nothing is announced or laid out twice. */
export function show(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Puts `nodes` in place of the children, unless they would look the same. */
export function replace(parent, nodes) {
  const aside = make("div");
  aside.append(...nodes);
  if (aside.innerHTML !== parent.innerHTML) parent.replaceChildren(...aside.childNodes);
}

export function kept(name, usual) {
  return localStorage.getItem(`switchboard.${name}`) ?? usual;
}

export function keep(name, value) {
  localStorage.setItem(`switchboard.${name}`, value);
}
