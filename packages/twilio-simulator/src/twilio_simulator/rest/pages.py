"""Lists, a page at a time, as every Twilio resource gives them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from twilio_simulator.rest.context import current_exchange
from twilio_simulator.rest.refusals import RefusedError

Item = TypeVar("Item")


def page(
    name: str, items: Sequence[Item], show: Callable[[Item], dict[str, Any]], key: Callable[[Item], str]
) -> dict[str, Any]:
    """``items`` in the order of the list. The token of a page is the last item of the one before."""
    size = _number("PageSize", 50, 1, 1000)
    number = _number("Page", 0, 0, 10**6)
    token = request.args.get("PageToken", "")[2:]
    keys = [key(item) for item in items]
    start = keys.index(token) + 1 if token in keys else number * size
    shown = items[start : start + size]
    more = start + size < len(items)
    base = {
        name: values for name, values in request.args.lists() if name not in ("Page", "PageToken", "PageSize")
    }

    def uri(at: int, after: str | None = None) -> str:
        query: list[tuple[str, str]] = [(name, value) for name, values in base.items() for value in values]
        query += [("PageSize", str(size)), ("Page", str(at))]
        query += [("PageToken", f"PA{after}")] if after else []
        return f"{request.path}?{urlencode(query)}"

    return {
        name: [show(item) for item in shown],
        "first_page_uri": uri(0),
        "next_page_uri": uri(number + 1, key(shown[-1])) if more else None,
        "previous_page_uri": uri(number - 1) if number else None,
        "page": number,
        "page_size": size,
        "start": start,
        "end": max(start, start + len(shown) - 1),
        "uri": request.full_path if request.query_string else request.path,
    }


def is_listed(created: datetime) -> bool:
    """Lists are eventually consistent: what is younger than the lag is not in them yet."""
    exchange = current_exchange()
    lag = max(exchange.switches.list_lag_seconds, exchange.trouble.lag_seconds)
    return (exchange.clock.now() - created).total_seconds() >= lag


def in_time(name: str, moment: datetime | None) -> bool:
    """Whether a moment fits the filters ``name``, ``name<`` and ``name>`` of the request; both ends count."""
    for sign in ("", "<", ">"):
        text = request.args.get(f"{name}{sign}")
        if text is None:
            continue
        wanted = moment_of(name, text)
        if moment is None:
            return False
        moment = moment.replace(microsecond=0)  # as Twilio counts
        # An exact date means the day, whatever hour the SDK writes behind it.
        whole_day = sign == "" or len(text) == len("2026-11-22")
        own = moment.date() if whole_day else moment
        bound = wanted.date() if whole_day else wanted
        if (sign == "" and own != bound) or (sign == "<" and own > bound) or (sign == ">" and own < bound):
            return False
    return True


def moment_of(name: str, text: str) -> datetime:
    """A date or a moment that the parameter ``name`` gives, in whole seconds; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise RefusedError(20001, f"{name} is not a date: {text}") from error
    moment = moment.replace(microsecond=0)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(name: str, default: int, low: int, high: int) -> int:
    text = request.args.get(name, str(default))
    return min(high, max(low, int(text))) if text.isascii() and text.isdigit() else default
