"""Faults in words: the plans of ``Trouble`` as JSON, there and back. Each happens once; the last two last.

| what | with | goes wrong |
|---|---|---|
| lost, late, duplicate | kind ("call.status.*"), seconds | the next callback of that kind |
| slow | url ("*/voice/*"), seconds | the answer to the next webhook; from 15 on Twilio does not wait |
| fetch | url, how (400 to 599, bad-xml, wrong-type, connect, connect-once) | the next webhook, not asked at all |
| rest | method, path ("*/Calls.json"), status (429, 500, 503, 0), when (before, after) | the next REST request |
| shuffle | kind, seconds | every callback of that kind comes up to so much late, as chance has it |
| lag | seconds | every list of REST lacks what is younger than that |

Status 0 is an answer lost on its way; ``when`` is before or after the effect. Twilio tries a lost connection once more,
with the same idempotency token: ``connect`` is planned for both tries, ``connect-once`` for the first.
"""

from typing import Any, Final, cast

from twilio_simulator.faults import ANSWERS, Lag, Plan, RestFault, Shuffle, WebFault, When
from twilio_simulator.web import WebAnswer

METHODS: Final = ("GET", "POST", "DELETE")
STATUSES: Final = (0, 429, 500, 503)
FETCH_STATUSES: Final = range(400, 600)
PATTERN_AT_MOST: Final = 200
SECONDS_AT_MOST: Final = 3600


class NotAPlanError(Exception):
    """The words do not say what shall go wrong."""


def plan_from(words: dict[str, Any]) -> Plan:
    """Raise NotAPlanError, in words."""
    match words.get("what"):
        case "lost":
            return _pattern(words, "kind"), ()
        case "late":
            return _pattern(words, "kind"), (_seconds(words),)
        case "duplicate":
            return _pattern(words, "kind"), (0.0, _seconds(words))
        case "slow":
            return WebFault(_pattern(words, "url"), _seconds(words))
        case "fetch":
            return _fetch(words)
        case "rest":
            return _rest(words)
        case "shuffle":
            return Shuffle(_pattern(words, "kind"), _seconds(words))
        case "lag":
            return Lag(_seconds(words))
    raise NotAPlanError("what: lost, late, duplicate, slow, fetch, rest, shuffle or lag")


def plan_words(plan: Plan) -> dict[str, Any]:
    if isinstance(plan, Shuffle):
        return {"what": "shuffle", "kind": plan.kind, "seconds": plan.within}
    if isinstance(plan, Lag):
        return {"what": "lag", "seconds": plan.seconds}
    if isinstance(plan, RestFault):
        when = {"status": plan.status, "when": plan.when}
        return {"what": "rest", "method": plan.method, "path": plan.path, **when}
    if isinstance(plan, WebFault):
        if plan.answer is None:
            return {"what": "slow", "url": plan.url, "seconds": plan.seconds}
        return {"what": "fetch", "url": plan.url, "how": _spoilt(plan, plan.answer)}
    kind, copies = plan
    what = ("lost", "late", "duplicate")[min(len(copies), 2)]
    return {"what": what, "kind": kind, "seconds": copies[-1] if copies else 0.0}


def _spoilt(plan: WebFault, answer: WebAnswer) -> str | int:
    names = [name for name, spoilt in ANSWERS.items() if spoilt == answer]
    if names == ["connect"] and plan.times == 1:
        return "connect-once"
    return names[0] if names else answer.status


def _fetch(words: dict[str, Any]) -> WebFault:
    how = words.get("how")
    if isinstance(how, str) and how in ANSWERS:
        return WebFault(_pattern(words, "url"), 0.0, ANSWERS[how], 2 if how == "connect" else 1)
    if how == "connect-once":
        return WebFault(_pattern(words, "url"), 0.0, ANSWERS["connect"])
    if isinstance(how, int) and how in FETCH_STATUSES:
        return WebFault(_pattern(words, "url"), 0.0, WebAnswer(how, {"content-type": "text/html"}))
    raise NotAPlanError(f"how: a status from 400 to 599, {', '.join(ANSWERS)}, connect-once")


def _rest(words: dict[str, Any]) -> RestFault:
    method, status, when = words.get("method"), words.get("status"), words.get("when", "before")
    if method not in METHODS:
        raise NotAPlanError("method: GET, POST or DELETE")
    if not isinstance(status, int) or isinstance(status, bool) or status not in STATUSES:
        raise NotAPlanError("status: 429, 500, 503, or 0 for an answer that is lost")
    if when not in ("before", "after"):
        raise NotAPlanError("when: before or after the effect")
    return RestFault(method, _pattern(words, "path"), status, cast("When", when))


def _seconds(words: dict[str, Any]) -> float:
    seconds = words.get("seconds", 0)
    if (
        isinstance(seconds, bool)
        or not isinstance(seconds, int | float)
        or not 0 <= seconds <= SECONDS_AT_MOST
    ):
        raise NotAPlanError(f"seconds: from 0 to {SECONDS_AT_MOST}")
    return float(seconds)


def _pattern(words: dict[str, Any], name: str) -> str:
    pattern = words.get(name)
    if not isinstance(pattern, str) or not 0 < len(pattern) <= PATTERN_AT_MOST:
        raise NotAPlanError(f"{name}: a name, where * stands for anything")
    return pattern
