"""A fault as the log tells it: which kind, where, in which statement; never in its own words. Pure.

The words of an exception may be anybody's: PostgreSQL quotes the row ("Key (email)=(...) already exists"), Python
quotes the text that is no number. No pattern finds a name in them. What is left finds the line of code, and the CallSid
beside it finds the call.
"""

import re
import traceback
from collections.abc import Iterator
from typing import Final

from ivr.core.log_masks import masked

#: What tells more about a fault, where an exception has it: numbers, and codes of one word.
_FACTS: Final = ("errno", "status", "status_code", "code", "sqlstate", "sqlite_errorname", "constraint_name")
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}", re.ASCII)
#: Python writes these words itself, of names in the code.
_IN_CODE: Final = (AttributeError, NameError, ImportError)
_LIBRARIES: Final = "site-packages"
_LONGEST_STATEMENT: Final = 600
_LONGEST: Final = 8000


def trace(fault: BaseException) -> str:
    """Return kind, place and frames of a fault and of those that it came from, the first one first.

    Only an exception whose class has a true ``is_for_logs`` says its words as well: they concern nobody.
    """
    return "\n".join(reversed([_told(one) for one in _chain(fault)]))[-_LONGEST:]


def _chain(fault: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    waiting = [fault]
    while waiting:
        one = waiting.pop(0)
        if any(one is other for other in seen):
            continue
        seen.append(one)
        yield one
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
        before = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        if before is not None:
            waiting.append(before)


def _told(fault: BaseException) -> str:
    kind = f"{type(fault).__module__}.{type(fault).__qualname__}".removeprefix("builtins.")
    words = f": {fault}" if getattr(type(fault), "is_for_logs", False) else ""
    if type(fault) in _IN_CODE:
        words = f": {masked(str(fault))}"
    facts = ", ".join(f"{name}={value}" for name, value in _facts(fault))
    frames = masked("".join(_frames(fault)))
    return f"{frames}{kind}{words} ({facts})" if facts else f"{frames}{kind}{words}"


def _frames(fault: BaseException) -> Iterator[str]:
    """Return the frames in code of ours, and the last one, whosever it is: those between tell little and are many."""
    found = traceback.extract_tb(fault.__traceback__)
    return (
        line
        for frame, line in zip(found, traceback.format_list(found), strict=True)
        if frame is found[-1] or _LIBRARIES not in frame.filename
    )


def _facts(fault: BaseException) -> Iterator[tuple[str, object]]:
    for holder in (fault, getattr(fault, "diag", None)):
        for name in _FACTS:
            value = getattr(holder, name, None)
            if (isinstance(value, int) and abs(value) < 10**6) or (
                isinstance(value, str) and _CODE.fullmatch(value)
            ):
                yield name, masked(str(value))
    statement = getattr(fault, "statement", None)  # SQLAlchemy's: the values stand in its parameters
    if isinstance(statement, str):
        yield "statement", masked(" ".join(statement.split())[:_LONGEST_STATEMENT])
