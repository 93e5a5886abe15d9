"""The telephones of a running simulator, in the hands of a program."""

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
        self._session = requests.Session()
        self._session.trust_env = False  # loopback goes through no proxy

    def look(self) -> dict[str, Any]:
        """Every telephone, room and queue as they are now."""
        found: dict[str, Any] = self._get("/phones.json")
        return found

    def heard(self, after: int) -> list[Line]:
        """What has been heard, said and done since line ``after``."""
        entries = self._get(f"/transcript.json?after={after}")["entries"]
        return [Line(**{name: entry[name] for name in Line.__dataclass_fields__}) for entry in entries]

    def do(self, number: str, act: str, **details: str) -> None:
        """Dial (to), answer, decline, press (keys), say (text) or hang-up. Raises CannotError."""
        answer = self._session.post(f"{self._url}/phones/{number}/{act}", json=details, timeout=_SECONDS)
        if answer.status_code == requests.codes.conflict:
            raise CannotError(answer.text)
        answer.raise_for_status()

    def _get(self, path: str) -> Any:
        answer = self._session.get(f"{self._url}{path}", timeout=_SECONDS)
        answer.raise_for_status()
        return answer.json()
