"""The map as it is drawn: a question and the step that hears its answer are one box, with its keys in it.

What stays inside a box is not drawn: a question that is asked again, a queue whose music begins again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from devtools.callmap.model import Arrow, CallMap, Entry, Place


@dataclass(frozen=True)
class Port:
    """Where arrows leave a box: all the labels that lead to one step, or one arrow without a label."""

    target: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Box:
    """A step, or a question with its answer; ``ports`` in the order of the source."""

    steps: tuple[Place, ...]
    ports: tuple[Port, ...]

    @property
    def id(self) -> str:
        return self.steps[0].id

    @property
    def flow(self) -> str:
        return self.steps[0].flow

    @property
    def entered(self) -> tuple[Entry, ...]:
        return tuple(entry for step in self.steps for entry in step.entered)

    @property
    def ends(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(end for step in self.steps for end in step.ends))


def boxes(drawn: CallMap) -> tuple[Box, ...]:
    """Return the boxes, in the order of the map."""
    places = {place.id: place for place in drawn.places}
    answers = _answers(drawn)
    heard = set(answers.values())
    grouped = [
        (place, *((places[answers[place.id]],) if place.id in answers else ()))
        for place in drawn.places
        if place.id not in heard
    ]
    return tuple(Box(steps, tuple(_ports(steps, drawn.arrows))) for steps in grouped)


def _answers(drawn: CallMap) -> dict[str, str]:
    """Return each question's own answer step: all its arrows bring an answer, and the first is this question's."""
    entered = {place.id for place in drawn.places if place.entered}
    led_to = entered | {arrow.target for arrow in drawn.arrows if not arrow.is_answer}
    found: dict[str, str] = {}
    for arrow in drawn.arrows:
        is_own = arrow.is_answer and arrow.target not in led_to and arrow.target not in found.values()
        if is_own and arrow.source not in found and _flow(arrow.source) == _flow(arrow.target):
            found[arrow.source] = arrow.target
    return found


def _ports(steps: tuple[Place, ...], arrows: Iterable[Arrow]) -> list[Port]:
    """Return the ports. An answer step's arrow without a label gets what the question heard: "words", "10 keys"."""
    inside = {step.id for step in steps}
    heard = next(
        (arrow.label for arrow in arrows if {arrow.source, arrow.target} == inside and arrow.is_answer), ""
    )
    labels: dict[tuple[str, bool], dict[str, None]] = {}
    for arrow in (arrow for step in steps for arrow in arrows if arrow.source == step.id):
        if arrow.target not in inside:
            label = arrow.label or (heard if arrow.source != steps[0].id else "")
            labels.setdefault((arrow.target, bool(label)), {})[label] = None
    ports = [Port(to, tuple(sorted(filter(None, found), key=_rank))) for (to, _), found in labels.items()]
    return sorted(ports, key=lambda port: _rank(port.labels[0]) if port.labels else (0, ""))


def _rank(label: str) -> tuple[int, str]:
    """Sort keys first, in the order of a telephone, and silence last."""
    return (1 if len(label) == 1 else 3 if label == "silence" else 2, label)


def _flow(step: str) -> str:
    return step.partition(".")[0]
