// The log of requests: what the network asked and was asked, with parameters and documents.

import { find, make } from "./dom.js";
import { named } from "./names.js";

const KEPT = 200;

function about() {
  return find("about").value;
}

function path(url) {
  try {
    const whole = new URL(url);
    return whole.pathname + whole.search;
  } catch {
    return url.replace(/^\/2010-04-01\/Accounts\/AC[0-9a-f]+/, "");
  }
}

function answerOf(request) {
  if (request.error) return request.error;
  return String(request.status);
}

function parameters(params) {
  const list = make("dl");
  for (const [name, value] of Object.entries(params)) list.append(make("dt", name), make("dd", value || "–"));
  return list;
}

function summary(request) {
  const node = make("summary");
  const isRest = request.kind === "rest";
  const wrong = request.error || request.status >= 400;
  node.append(
    make("span", isRest ? "in" : "out", `way ${isRest ? "in" : "out"}`),
    make("span", request.method, "method"),
    make("span", path(request.url), "path"),
    make("span", answerOf(request), wrong ? "status wrong" : "status"),
    make("span", `${Math.round(request.seconds * 1000)} ms`, "took"),
  );
  return node;
}

/** The newest on top. An open one stays open and in place. */
export function writeRequest(request) {
  const item = make("li");
  const details = make("details");
  details.append(summary(request));
  details.addEventListener("toggle", () => {
    if (!details.open || details.childElementCount > 1) return;
    const kind = make("p", request.kind === "rest" ? "The application called the REST API." : `Webhook: ${request.kind}`, "quiet");
    details.append(kind, parameters(request.params));
    if (request.document) {
      const document = make("pre", request.document);
      document.tabIndex = 0;
      document.setAttribute("aria-label", "The answer");
      document.setAttribute("role", "region");
      details.append(document);
    }
  });
  item.append(details);
  item.dataset.numbers = request.numbers.join(" ");
  item.hidden = about() !== "" && !request.numbers.includes(about());
  const list = find("requests");
  list.prepend(item);
  if (list.childElementCount > KEPT) list.lastElementChild.remove();
  find("no-requests").hidden = true;
}

export function drawFilter(world) {
  const select = find("about");
  for (const phone of world.phones) {
    if ([...select.options].some((one) => one.value === phone.number)) continue;
    const option = make("option", named(phone.number));
    option.value = phone.number;
    select.append(option);
  }
}

find("about").addEventListener("change", () => {
  for (const item of find("requests").children) {
    item.hidden = about() !== "" && !item.dataset.numbers.split(" ").includes(about());
  }
});
