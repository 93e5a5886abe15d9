"""The whole script as a call map, checked against the steps that exist."""

import inspect
from collections.abc import Sequence
from itertools import chain
from typing import Any

from devtools.callmap.entries import entries, opened_by_jobs
from devtools.callmap.model import Arrow, CallMap, Place, UnreachedStepError
from devtools.callmap.reading import read
from devtools.callmap.vocabulary import Reading, step_id
from flows import FLOWS
from ivr.platform.voice import Flow, Step


def whole_script() -> CallMap:
    """Return the call map of ``FLOWS``. Raises UnreadableFlowError, UnreachedStepError."""
    script = [(one.flow, (inspect.getdoc(one.module) or "").partition("\n")[0]) for one in FLOWS]
    return call_map(script, opened_by_jobs())


def call_map(script: Sequence[tuple[Flow[Any], str]], opened: dict[str, list[str]]) -> CallMap:
    """Read every step of these flows. ``opened`` names the jobs that send legs to an address."""
    steps = [step for flow, _ in script for step in flow.steps.values()]
    readings = {step_id(step): read(step) for step in steps}
    places = [_place(step, readings[step_id(step)], opened) for step in steps]
    arrows = tuple(chain.from_iterable(reading.arrows for reading in readings.values()))
    reached = _reached(places, arrows)
    if missed := [place.id for place in places if place.id not in reached]:
        raise UnreachedStepError(f"Nothing leads to {', '.join(missed)}.")
    return CallMap(tuple((flow.name, words) for flow, words in script), tuple(places), arrows)


def _place(step: Step[Any], reading: Reading, opened: dict[str, list[str]]) -> Place:
    return Place(
        step.flow.name,
        step.name,
        step.address,
        "".join(sorted(reading.keys)),
        entries(step, opened),
        tuple(reading.ends),
    )


def _reached(places: Sequence[Place], arrows: Sequence[Arrow]) -> set[str]:
    """Return the steps that a call can reach from outside."""
    leads: dict[str, list[str]] = {}
    for arrow in arrows:
        leads.setdefault(arrow.source, []).append(arrow.target)
    reached: set[str] = set()
    waiting = [place.id for place in places if place.entered]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting.extend(leads.get(here, ()))
    return reached
