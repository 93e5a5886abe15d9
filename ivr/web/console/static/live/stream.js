// Receives the server's events: one stream for all windows of a browser, which allows only six connections.
// The window that holds the lock listens and tells the others; when it closes, the next one continues.

const EVENTS = ["changed", "ringing", "pop", "bar", "all"];

/** Call `hear({ event, reference, leads })` for everything that happens, `state(isOpen)` as the stream comes and goes. */
export function follow(address, { since, staff, hear, state }) {
  const name = `line-${staff}`;
  const channel = new BroadcastChannel(name);
  let last = since;
  channel.onmessage = ({ data }) => {
    last = data.id || last;
    hear({ ...data, leads: false });
  };

  function listen() {
    const source = new EventSource(`${address}?since=${last}`);
    source.onopen = () => state(true);
    source.onerror = () => state(false);
    for (const event of EVENTS) {
      source.addEventListener(event, ({ data, lastEventId }) => {
        const heard = { event, reference: data, id: lastEventId };
        channel.postMessage(heard);
        hear({ ...heard, leads: true });
      });
    }
    // A stream that is refused (logged out, or the server is away) is not tried again by the browser itself.
    const watch = setInterval(() => {
      if (source.readyState === EventSource.CLOSED) {
        clearInterval(watch);
        listen();
      }
    }, 5000);
    return new Promise(() => {}); // the lock is kept until the window closes
  }

  if (navigator.locks) navigator.locks.request(name, listen);
  else listen();
}
