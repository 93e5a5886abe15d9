"""The command ``twilio-simulator``: the network over HTTP, on this machine only."""

import argparse
import signal
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, get_args, get_type_hints

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from twilio_simulator.book import Book, Listed, read_book, usual_steps
from twilio_simulator.clock import WallClock
from twilio_simulator.control import create_control
from twilio_simulator.exchange import ACCOUNT_SID, AUTH_TOKEN, Exchange
from twilio_simulator.real_time_loop import RealTimeLoop
from twilio_simulator.requests import Journal, JournalledRest, JournalledWeb
from twilio_simulator.switches import Switches
from twilio_simulator.web import LoopbackWeb

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HOST: Final = "127.0.0.1"
PORT: Final = 8040
#: The number that can be dialled, and who can dial it, when nobody names others.
NUMBER: Final = "+18005550100"
SOMEBODY: Final = Listed("+12025550111", "Customer")


class Quiet(WSGIRequestHandler):
    """A telephone network that prints every poll of its page is of no use in a terminal."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class Network:
    """A running simulator: its exchange, loop and HTTP server. ``url`` is where it listens."""

    def __init__(  # noqa: PLR0917  # its parts
        self,
        exchange: Exchange,
        clock: WallClock,
        web: LoopbackWeb,
        journal: Journal,
        port: int,
        zone: str,
        book: Book,
    ) -> None:
        self.exchange = exchange
        self._web = web
        self._loop = RealTimeLoop(exchange, clock, journal)
        self._control = create_control(exchange, self._loop, journal, zone, book)
        self._rest = JournalledRest(exchange.rest, journal)
        self._server: BaseWSGIServer = make_server(
            HOST, port, self._site, threaded=True, request_handler=Quiet
        )
        self._server.daemon_threads = True  # type: ignore[attr-defined]  # the threaded server has it
        self.url = f"http://{HOST}:{self._server.server_port}"
        exchange.api_url = self.url

    def start(self) -> None:
        """In the background, until ``stop``."""
        self._loop.start()
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="network", daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._loop.stop()
        self._web.close()

    def _site(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        app = self._rest if environ["PATH_INFO"].startswith(("/2010-04-01/", "/v2/")) else self._control
        return app(environ, start_response)


def build(words: argparse.Namespace, book: Book | None = None) -> Network:
    """``book`` stands in for the file that ``--book`` names."""
    clock = WallClock(words.speed, words.clock_file)
    journal, web = Journal(clock), LoopbackWeb()
    exchange = Exchange(
        account_sid=words.account_sid,
        auth_token=words.auth_token,
        web=JournalledWeb(web, journal),
        clock=clock,
        switches=switched(getattr(words, "switch", [])),
        strict=False,
    )
    exchange.add_number(
        words.number,
        voice_url=words.voice_url,
        voice_fallback_url=words.fallback_url,
        status_callback=words.status_callback,
    )
    book = book or (read_book(words.book) if words.book else Book())
    listed = [*book.phones, *(Listed(*phone.split("=", 1)) for phone in words.phone)] or [SOMEBODY]
    for one in listed:
        exchange.phone(one.number, one.name)
    if not book.steps:
        book = replace(book, steps=usual_steps(listed[0]))
    return Network(exchange, clock, web, journal, words.port, words.zone, book)


def switched(settings: Iterable[str]) -> Switches:
    """Switches from words like ``kicked_leg_goes_on=false``. Raises ValueError for what is no switch or no position."""
    positions: dict[str, Any] = {}
    types = get_type_hints(Switches)
    for setting in settings:
        name, _, word = setting.partition("=")
        if name not in types:
            raise ValueError(f"{name!r} is no switch; there are {', '.join(sorted(types))}")
        positions[name] = _position(word, types[name])
    return Switches(**positions)


def _position(word: str, kind: Any) -> Any:
    if kind in (int, float):
        return kind(word)
    known = {"true": True, "false": False} if kind is bool else {str(one): one for one in get_args(kind)}
    if word not in known:
        raise ValueError(f"{word!r} is not one of {', '.join(known)}")
    return known[word]


def main(arguments: Sequence[str] | None = None, book: Book | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    words = parser()
    try:
        network = build(words.parse_args(arguments), book)
    except (ValueError, OSError) as error:
        words.error(str(error))
    over = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        over.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    network.start()
    print(f"The telephone network is at {network.url}", flush=True)  # noqa: T201  # a person started it
    over.wait()
    network.stop()


def parser() -> argparse.ArgumentParser:
    """The options of the command, each with its help."""
    words = argparse.ArgumentParser(
        prog="twilio-simulator",
        description="A telephone network on this machine, for an application that speaks with Twilio.",
    )
    words.add_argument("--voice-url", required=True, help="what is asked when somebody dials the number")
    words.add_argument("--fallback-url", help="what is asked when that fails")
    words.add_argument("--status-callback", help="what is told when a call to the number has ended")
    words.add_argument("--number", default=NUMBER, help=f"the number that can be dialled ({NUMBER})")
    words.add_argument("--port", type=int, default=PORT, help=f"where it listens ({PORT}; 0: any free one)")
    words.add_argument("--account-sid", default=ACCOUNT_SID, help="what REST asks for")
    words.add_argument("--auth-token", default=AUTH_TOKEN, help="what REST asks for, and what signs webhooks")
    words.add_argument("--speed", type=float, default=1.0, help="how fast talk and rings pass")
    words.add_argument("--clock-file", type=Path, help="holds the seconds by which this clock is ahead")
    words.add_argument("--zone", default="", help="in which the page shows the time, such as Europe/Berlin")
    words.add_argument("--phone", action="append", default=[], metavar="NUMBER=NAME", help="a telephone")
    words.add_argument(
        "--book", type=Path, help="a telephone book with roles, links and a call to try: see README"
    )
    words.add_argument("--switch", action="append", default=[], metavar="NAME=POSITION", help="see README")
    return words
