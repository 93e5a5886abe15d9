"""An application behind a real socket on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

from werkzeug.serving import make_server


@dataclass
class Doorstep:
    """An address, and who answers there at present."""

    address: str = ""
    app: Any = None

    def __call__(self, environ: Any, start: Any) -> Any:
        return self.app(environ, start)


@contextmanager
def at_one_address() -> Iterator[Doorstep]:
    """An address behind which one application after another can stand."""
    doorstep = Doorstep()
    with served(doorstep) as doorstep.address:
        yield doorstep


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The address at which this WSGI application answers."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
