"""Logs are events, one JSON object a line, with the code of the request and the CallSid of the call they are about.

Whatever logs comes through here: our own lines, those of libraries and of gunicorn, warnings, and what nobody caught in
any thread. Telephone numbers are personal data, tokens and keys open something: they are masked in every value
(``log_masks.py``), and of a fault no words are told (``fault_traces.py``).
"""

import logging
import re
import sys
import threading
import warnings
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, Final, TextIO

import structlog

from ivr.core.errors import BadConfigError
from ivr.core.fault_traces import trace
from ivr.core.log_context import CALL_SID, REQUEST_ID, is_request_id
from ivr.core.log_masks import masked_value

#: Written by the chain itself, and masked where they are made.
_OURS: Final = frozenset({"timestamp", "level", "exception"})
_SID: Final = re.compile(r"[A-Z]{2}[0-9A-Za-z]{1,62}", re.ASCII)
#: They speak of processes and addresses of ours. All others may quote anybody.
_OF_PROCESSES: Final = frozenset({"gunicorn.error"})
_LEVELS: Final = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL)
_THEIRS: Final = ("gunicorn.error", "gunicorn.access")


def init_logs(to: TextIO | None = None) -> None:
    """Write all logs of this process as JSON lines to ``to``, by default to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_words,
            masked,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(to or sys.stderr),
        cache_logger_on_first_use=False,
    )
    _take_over_libraries()
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable
    warnings.showwarning = _warned


def without_words(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Tell of the exception in ``exc_info`` its kind and its frames."""
    fault = fault_of(event.pop("exc_info", None))
    if fault is not None:
        event["exception"] = trace(fault)
    return event


def fault_of(exc_info: Any) -> BaseException | None:
    """Return the exception that a log line is about; None when there is none. ``exc_info`` is as in ``logging``."""
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        found: BaseException | None = exc_info[1]
        return found
    return sys.exc_info()[1] if exc_info else None


def masked(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask every value, however deep. What is neither text nor number is told by its type."""
    for name, value in event.items():
        if name not in _OURS and not _finds(name, value):
            event[name] = masked_value(value, name)
    return event


def _finds(name: str, value: object) -> bool:
    """Whether it is what a call or a request is found by, in the right shape: it names nobody."""
    if not isinstance(value, str) or name not in {CALL_SID, REQUEST_ID}:
        return False
    return bool(_SID.fullmatch(value)) if name == CALL_SID else is_request_id(value)


class _Library(logging.Handler):
    """Writes what libraries log as our own lines.

    The values of a message may be anybody's, so the message is told as it stands in the library's code. One without
    values may have been made of them; then the place in the code has to do.
    """

    def emit(self, record: logging.LogRecord) -> None:
        told = {"logger": record.name, "place": f"{record.module}:{record.lineno}"}
        is_of_process = record.name in _OF_PROCESSES and record.levelno < logging.WARNING
        if is_of_process or (isinstance(record.args, tuple) and all(map(_is_plain, record.args or "?"))):
            told["words"] = record.getMessage()
        elif record.args:
            told["words"] = str(record.msg)
        log = structlog.get_logger()
        level = max(one for one in _LEVELS if one <= max(record.levelno, logging.DEBUG))
        log.log(level, "library", exc_info=record.exc_info or None, **told)


def _is_plain(value: object) -> bool:
    """Whether a value of a message is a number, or a word such as GET."""
    return isinstance(value, int | float) or (
        isinstance(value, str) and re.fullmatch("[A-Z]{1,10}", value) is not None
    )


def _take_over_libraries() -> None:
    logging.raiseExceptions = False  # it would print what could not be logged
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, _Library)]:
        root.removeHandler(handler)
    root.addHandler(_Library())
    for name in _THEIRS:
        theirs = logging.getLogger(name)
        theirs.handlers.clear()
        theirs.propagate = True


def _uncaught(_kind: type[BaseException], fault: BaseException, _trace: TracebackType | None) -> None:
    if isinstance(fault, KeyboardInterrupt):
        return
    if isinstance(fault, BadConfigError):  # for whoever has typed the command: what to set, without a trace
        sys.stderr.write(f"{fault}\n")
        return
    structlog.get_logger().critical("uncaught", exc_info=fault)


def _uncaught_in_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None and not isinstance(told.exc_value, SystemExit):
        structlog.get_logger().critical(
            "uncaught", thread=told.thread and told.thread.name, exc_info=told.exc_value
        )


def _unraisable(told: Any) -> None:
    structlog.get_logger().error("uncaught", exc_info=told.exc_value)


def _warned(  # noqa: PLR0917  # the signature of ``warnings``
    message: Warning | str,  # noqa: ARG001  # may quote anybody
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    structlog.get_logger().warning("warned", kind=category.__name__, place=f"{filename}:{lineno}")
