"""A client for the telephones of a running simulator."""

from dataclasses import dataclass
from typing import Any, Final

import requests

_SECONDS: Final = 10


@dataclass(frozen=True)
class Line:
    """One line of the transcript: what a telephone heard, said or did."""

    id: int
    at: str
    number: str
    name: str
    kind: str
    text: str


class CannotError(Exception):
    """The telephone is not in a state to do that; the message is the network's."""


class Handsets:
    """Asks the simulator at ``url`` over HTTP, as its own page does."""

    def __init__(self, url: str) -> None:
        self._url = url

    def look(self) -> dict[str, Any]:
        """Return every telephone, conference and queue as they are now."""
        found: dict[str, Any] = self._ask("GET", "/phones.json").json()
        return found

    def heard(self, after: int) -> list[Line]:
        """Return what has been heard, said and done since line ``after`` of the transcript."""
        entries = self._ask("GET", f"/transcript.json?after={after}").json()["entries"]
        return [Line(**{name: entry[name] for name in Line.__dataclass_fields__}) for entry in entries]

    def do(self, number: str, act: str, **details: str) -> None:
        """Do one of: dial (to), answer, decline, press (keys), say (text), hang-up. Raises CannotError."""
        answer = self._ask("POST", f"/phones/{number}/{act}", json=details)
        if answer.status_code == requests.codes.conflict:
            raise CannotError(answer.text)
        answer.raise_for_status()

    def add(self, number: str, name: str) -> None:
        """Add a telephone."""
        self._ask("POST", "/phones", json={"number": number, "name": name}).raise_for_status()

    def _ask(self, method: str, path: str, **body: Any) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False  # loopback goes through no proxy
            return session.request(method, self._url + path, timeout=_SECONDS, **body)
