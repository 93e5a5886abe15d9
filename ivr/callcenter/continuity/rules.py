"""What the hosted flow tells of a call, when it was on, and whether it is as it should be. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

#: The widgets that ask for a key have this name, and the code of their language: ``menu_en``.
MENU: Final = "menu_"
#: Keys of the menu: a person, as everywhere in our flows; a message; the other language.
PERSON: Final = ("1", "0")
MESSAGE: Final = ("2",)
OTHER_LANGUAGE: Final = ("9",)
#: Letters of a SID and of a number at most: what is longer is none.
_LONGEST: Final = 40
#: Calls further apart belong to two outages.
_ONE_OUTAGE: Final = timedelta(minutes=30)
#: How often the network is asked for calls: while there are any, and otherwise.
OFTEN: Final = timedelta(seconds=50)
SELDOM: Final = timedelta(minutes=5)
LATELY: Final = timedelta(minutes=30)
#: A call is looked at so long after its end: its recording is known to the network by then.
SETTLES: Final = timedelta(seconds=10)
#: The network's list may lack what has just begun, and its clock may differ.
OVERLAP: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Told:
    """What the flow tells of a call: the caller as the network has it, and what they pressed.

    ``language`` is None where they pressed nothing.
    """

    call_sid: str
    caller: str
    stir_verstat: str
    language: str | None
    keys: str

    @property
    def wants_person(self) -> bool:
        return any(key in PERSON for key in self.keys)

    @property
    def wrong_keys(self) -> int:
        return sum(key not in (*PERSON, *MESSAGE, *OTHER_LANGUAGE) for key in self.keys)


def told(context: Mapping[str, Any]) -> Told | None:
    """Return what an execution's context tells (Twilio, Execution Context); None where it is of no call."""
    call = _part(context, "trigger", "call")
    sid = str(call.get("CallSid") or "")
    if not 0 < len(sid) <= _LONGEST:
        return None
    pressed = {
        name.removeprefix(MENU): str(_part(context, "widgets", name).get("Digits") or "")[:_LONGEST]
        for name in _part(context, "widgets")
        if name.startswith(MENU)
    }
    chosen = [code for code, keys in pressed.items() if keys and keys not in OTHER_LANGUAGE]
    return Told(
        call_sid=sid,
        caller=str(call.get("From") or "")[:_LONGEST],
        stir_verstat=str(call.get("StirVerstat") or "")[:60],
        language=chosen[-1] if chosen else None,
        keys="".join(pressed.values()),
    )


def _part(context: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    found: Any = context
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


class Episode(NamedTuple):
    """A time in which the hosted flow took our calls, and how many."""

    began_at: datetime
    ended_at: datetime
    calls: int


def episodes(calls: Iterable[tuple[datetime, datetime]]) -> list[Episode]:
    """Return the times in which these calls, each from and until, were taken; calls far apart are of two.

    >>> at = datetime(2026, 11, 30, 10)
    >>> minutes = [(2, 3), (15, 19), (60, 61)]
    >>> [
    ...     (one.began_at.minute, one.ended_at.minute, one.calls)
    ...     for one in episodes((at + timedelta(minutes=a), at + timedelta(minutes=b)) for a, b in minutes)
    ... ]
    [(2, 19, 2), (0, 1, 1)]
    """
    found: list[Episode] = []
    for began, ended in sorted(calls):
        last = found[-1] if found else None
        if last is None or began - last.ended_at > _ONE_OUTAGE:
            found.append(Episode(began, ended, 1))
        else:
            found[-1] = Episode(last.began_at, max(last.ended_at, ended), last.calls + 1)
    return found


def differences(wanted: Mapping[str, Any], hosted: Mapping[str, Any]) -> list[str]:
    """Return how a hosted flow differs from what it should be, a line for each value.

    What the network has added to it, such as the places of the widgets on its own page, is no difference.
    """
    ours, theirs = dict(_values(wanted)), dict(_values(hosted))
    lines = [
        f"{name}: {_shown(theirs.get(name))} -> {_shown(value)}"
        for name, value in ours.items()
        if theirs.get(name) != value
    ]
    known = {name for name, _ in _steps(wanted)}
    return lines + [f"{name}: is removed" for name, _ in _steps(hosted) if name not in known]


def _values(definition: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "begins with", definition.get("initial_state")
    for name, state in _steps(definition):
        yield f"{name} is", state.get("type")
        for key, value in _part(state, "properties").items():
            if key != "offset":
                yield f"{name} {key}", value
        for one in _listed(state, "transitions"):
            for condition in _listed(one, "conditions") or [{}]:
                when = " ".join(filter(None, [str(one.get("event")), str(condition.get("value") or "")]))
                yield f"{name} on {when}", one.get("next")


def _steps(definition: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for state in _listed(definition, "states"):
        yield str(state.get("name")), state


def _listed(of: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    found = of.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _shown(value: Any) -> str:
    return "nothing" if value is None else f"“{value}”" if isinstance(value, str) else str(value)
