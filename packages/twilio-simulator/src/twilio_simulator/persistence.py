"""How often a webhook is tried again, and after what: Twilio's connection overrides."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, urlsplit

from twilio_simulator.web import WebAnswer

RETRIES_AT_MOST = 5


@dataclass(frozen=True)
class Persistence:
    """By default once more, and only when no connection was made; ``#rc=2&rp=5xx,rt`` in a URL changes it."""

    retries: int = 1
    after: frozenset[str] = frozenset({"ct"})

    @classmethod
    def of(cls, url: str) -> Self:
        """From the fragment of a URL; what is not understood there is passed over."""
        asked = parse_qs(urlsplit(url).fragment)
        count = asked.get("rc", ["1"])[0]
        policies = frozenset(",".join(asked.get("rp", ["ct"])).split(","))
        return cls(min(RETRIES_AT_MOST, int(count)) if count.isdecimal() else 1, policies)

    def tries_again(self, answer: WebAnswer, tried: int) -> bool:
        """Whether an answer is asked for again when it came at the ``tried``-th try."""
        if tried > self.retries:
            return False
        what = {"connect": "ct", "timeout": "rt"}.get(answer.error or "", f"{answer.status // 100}xx")
        return what in self.after or ("all" in self.after and what in ("ct", "rt", "4xx", "5xx"))
