"""Hostile clients: every route of the service, with what breaks readers, over HTTP and without a log-in."""

import re
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from random import Random
from typing import Any, Final
from urllib.parse import urlencode

from flask import Flask

from bench.ground.callers import post
from ivr.core.config import SIMULATED_ACCOUNT
from tests.exhaustive.fuzz import hostile
from tests.exhaustive.fuzz.doors import METHODS, NAMES

#: Streams hold their client.
_LEFT_OUT: Final = ("/stream", "/events", "/voice/doorway")
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


def attack(port: int, app: Flask, count: int, seed: int) -> None:
    """Send so many requests, one after the other. What is answered does not matter, as long as something is."""
    chance = Random(seed)  # noqa: S311  # to be repeated, not to be unforeseen
    rules = sorted(_rules(app), key=lambda one: (one[0], one[1]))
    for number in range(count):
        method, path = rules[(number * 7 + seed) % len(rules)]
        path = re.sub(r"<[^>]+>", lambda _: hostile.in_path(chance), path)
        if chance.random() < 0.3:
            path += f"?{chance.choice(NAMES)}={hostile.in_path(chance)}"
        body, headers = _sent(method, chance)
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            try:
                if path.startswith("/voice/") and "?" not in path and chance.random() < 0.5:
                    connection.connect()
                    connection.sock.sendall(post(path, _signed(chance)))
                    connection.sock.recv(65536)
                else:
                    connection.request(method, path, body, headers)
                    connection.getresponse().read()
            except (OSError, HTTPException, UnicodeError):
                continue


def _rules(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(_LEFT_OUT):
            yield from ((method, rule.rule) for method in METHODS & (rule.methods or set()))


def _sent(method: str, chance: Random) -> tuple[bytes, dict[str, str]]:
    """Return a body and headers that a client can send."""
    headers = {
        name: words for name, words in chance.choice(hostile.HEADERS).items() if words.isascii() and words
    }
    if method == "GET":
        return b"", headers
    sent: dict[str, Any] = chance.choice(hostile.BODIES)(chance, NAMES)
    if isinstance(sent["data"], dict):
        return urlencode(sent["data"], doseq=True).encode(), headers | _FORM
    data = sent["data"] if isinstance(sent["data"], bytes) else sent["data"].encode()
    kind = sent.get("content_type", "")
    return data, headers | ({"Content-Type": kind} if kind.isprintable() and kind else {})


def _signed(chance: Random) -> dict[str, str]:
    form = {name: given[0] for name, given in hostile.form(chance, NAMES)["data"].items()}
    return form | {"AccountSid": SIMULATED_ACCOUNT, "CallSid": f"CA{chance.randrange(9):032x}"}
