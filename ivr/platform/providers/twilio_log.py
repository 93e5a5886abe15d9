"""A log line for each request to Twilio: what was asked of which resource, how that ended, and whose leg it was.

An address may hold a number that is looked for, so of it only names and SIDs are told.
"""

import re
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlsplit

from structlog import get_logger

from ivr.core.log_context import carried

log = get_logger(__name__)
_NAME: Final = re.compile(r"[A-Z][A-Za-z]+", re.ASCII)
_SID: Final = re.compile(r"[A-Z]{2}[0-9a-f]{32}", re.ASCII)


def tell(method: str, url: str, began: float, **how: Any) -> None:
    """Log a request that began at this ``perf_counter``. ``how`` it ended: what is None is left out.

    What went well and is of no request or call has no line.
    """
    parts = [one.partition(".")[0] for one in urlsplit(url).path.split("/")]
    named = [one for one in parts if _NAME.fullmatch(one) and one != "Accounts"]
    sids = [
        one for one in parts if _SID.fullmatch(one) and not one.startswith("AC")
    ]  # ours is the same each time
    told = {name: value for name, value in how.items() if value is not None}
    milliseconds = round(1000 * (perf_counter() - began))
    is_well = how.get("status", 500) < 400
    if is_well and not carried():
        return  # a command, whose output is a person's; or the look of each minute
    level = log.info if is_well else log.warning
    level("network_asked", method=method, resource="/".join(named), sids=sids, ms=milliseconds, **told)
