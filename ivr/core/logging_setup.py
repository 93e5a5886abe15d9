"""Logs are events, one JSON object a line, with the CallSid of the call that they are about.

Telephone numbers are personal data: in every value, digits of that length are masked to the last four. The token of a
link opens a page by itself, so it is masked whole.
"""

import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

_NUMBER = re.compile(r"\+?\d{6,11}(\d{4})(?!\d)")
_TOKEN = re.compile(r"(/(?:t|pay|login/reset)/)[\w.=-]{13,}")


def init_logs(to: TextIO | None = None) -> None:
    """Write logs as JSON lines to ``to``, by default to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Plain text: the rich kind prints the locals of every frame, and those hold what callers said.
            structlog.processors.format_exc_info,
            masked,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(to or sys.stderr),
        cache_logger_on_first_use=False,
    )


def masked(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask telephone numbers and tokens in every text value. SIDs have letters among their digits and stay whole."""
    for name, value in event.items():
        if isinstance(value, str) and name not in {"timestamp", "call_sid"}:
            event[name] = _NUMBER.sub(r"****\1", _TOKEN.sub(r"\1****", value))
    return event
