// What a telephone does when it rings: a choice, and the settings of that choice.

import { show } from "./dom.js";

/** Shows the settings of whoever is chosen; those of others are not sent. */
function fit(form) {
  const { behaviour, who } = form.elements;
  const chosen = new Set([behaviour.value, behaviour.value === "doubles_keys" ? who.value : ""]);
  for (const label of form.querySelectorAll("[data-of]")) {
    const theirs = label.dataset.of.split(" ").some((one) => chosen.has(one));
    label.hidden = !theirs;
    label.querySelector("input, select").disabled = !theirs;
  }
}

export function manner(node) {
  const form = node.querySelector(".manner form");
  const { behaviour } = form.elements;
  form.addEventListener("change", (event) => {
    if (event.target === behaviour) {
      const { value } = behaviour;
      form.reset();
      behaviour.value = value;
    }
    fit(form);
  });
}

/** What the network knows, unless somebody is choosing. */
export function drawManner(node, phone) {
  const form = node.querySelector(".manner form");
  const { behaviour } = form.elements;
  if (!node.querySelector(".manner").open) {
    form.reset();
    for (const [name, value] of Object.entries(phone.behaviour)) {
      if (form.elements[name]) form.elements[name].value = value;
    }
    fit(form);
  }
  const chosen = [...behaviour.options].find((one) => one.value === phone.behaviour.behaviour);
  show(node.querySelector(".manner b"), chosen.textContent);
}
