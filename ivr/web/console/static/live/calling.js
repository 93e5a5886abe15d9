// While a page says that the line calls somebody for it (data-calling), it looks how the call goes.

import { touch } from "./parts.js";

const LOOKS = 2000; // ms

setInterval(() => {
  const call = document.querySelector("[data-calling]");
  if (call) touch(call.dataset.about);
}, LOOKS);
