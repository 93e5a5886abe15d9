"""A log line for each request to Twilio: what was asked of which resource, how that ended, and whose leg it was.

An address may hold a number that is looked for, so of it only names and SIDs are told.
"""

import re
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlsplit

from structlog import get_logger
from twilio.http.response import Response
from twilio.rest import Client

log = get_logger(__name__)
_NAME: Final = re.compile(r"[A-Z][A-Za-z]+", re.ASCII)
_SID: Final = re.compile(r"[A-Z]{2}[0-9a-f]{32}", re.ASCII)
#: Of what Twilio has made: its own name stands among the first words of the answer, or after others' at its end.
_MADE: Final = re.compile(r'"sid": ?"([A-Z]{2}[0-9a-f]{32})"', re.ASCII)


class LoggedClient(Client):  # type: ignore[misc]  # twilio ships no types
    """Twilio's own client, which logs each request."""

    def request(self, method: str, uri: str, *args: Any, **kwargs: Any) -> Response:
        began = perf_counter()
        try:
            answer = super().request(method, uri, *args, **kwargs)
        except Exception as fault:
            tell(method, uri, began, error=type(fault).__name__)
            raise
        made = _MADE.search(answer.text or "") if answer.status_code == 201 else None
        theirs = (answer.headers or {}).get("Twilio-Request-Id")
        tell(method, uri, began, status=answer.status_code, made=made and made[1], their_id=theirs)
        return answer


def tell(method: str, url: str, began: float, **how: Any) -> None:
    """Log a request that began at this ``perf_counter``. ``how`` it ended: what is None is left out."""
    parts = [one.partition(".")[0] for one in urlsplit(url).path.split("/")]
    # The account is the same each time.
    named, sids = ([one for one in parts if shape.fullmatch(one)][1:] for shape in (_NAME, _SID))
    told = {name: value for name, value in how.items() if value is not None}
    milliseconds = round(1000 * (perf_counter() - began))
    is_well = how.get("status", 500) < 400
    level = log.info if is_well else log.warning
    level("network_asked", method=method, resource="/".join(named), sids=sids, ms=milliseconds, **told)
