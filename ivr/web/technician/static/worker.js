// The service worker of the technician's page. It keeps the page that says "You're offline", and nothing else: no
// answer of the service is ever stored. The service puts SHELL, what that page consists of, and VERSION above this.

const NAME = `offline-${VERSION}`;
const isOurs = ({ pathname }) => pathname === "/t" || pathname.startsWith("/t/"); // a scope is any beginning of a path

// Asked for without the cookie: what comes is the same for everybody.
const anew = (address) => new Request(address, { cache: "reload", credentials: "omit" });
const kept = async (address) => (await (await caches.open(NAME)).match(address)) ?? Response.error();

addEventListener("install", (event) => {
  skipWaiting(); // it has no state that an open page could miss
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(SHELL.map(anew))));
});

addEventListener("activate", (event) => {
  const forgetOlder = async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith("offline-") && name !== NAME);
    await Promise.all(names.map((name) => caches.delete(name)));
  };
  event.waitUntil(forgetOlder());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== location.origin) return;
  if (request.mode === "navigate" && isOurs(address)) event.respondWith(fetch(request).catch(() => kept(SHELL[0])));
  else if (SHELL.includes(address.pathname)) event.respondWith(fetch(request).catch(() => kept(address.pathname)));
});
