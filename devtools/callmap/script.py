"""The whole script as a call map, checked against the steps that really are there."""

import inspect
import pkgutil
from collections import deque
from collections.abc import Iterable, Sequence
from importlib import import_module
from itertools import chain
from typing import Any

import flows
from devtools.callmap.entries import entries, opened_by_jobs
from devtools.callmap.model import Arrow, CallMap, Place, UnreachedStepError
from devtools.callmap.reading import read
from devtools.callmap.vocabulary import step_id
from ivr.platform.voice import Flow


def whole_script() -> CallMap:
    """The call map of the package ``flows``. Raises UnreadableFlowError, UnreachedStepError."""
    return call_map(flows_in(flows.__path__), opened_by_jobs())


def flows_in(path: Iterable[str]) -> list[tuple[Flow[Any], str]]:
    """Every flow that a module of the package makes, and the first sentence of that module's docstring."""
    modules = [import_module(f"flows.{found.name}") for found in pkgutil.iter_modules(path)]
    return [
        (made, (inspect.getdoc(module) or "").partition("\n")[0])
        for module in modules
        for made in vars(module).values()
        if isinstance(made, Flow)
    ]


def call_map(script: Sequence[tuple[Flow[Any], str]], opened: dict[str, list[str]]) -> CallMap:
    """Read every step of these flows. ``opened`` names the jobs that send legs to an address."""
    steps = [step for flow, _ in script for step in flow.steps.values()]
    readings = {step_id(step): read(step) for step in steps}
    places = [
        Place(step.flow.name, step.name, entries(step, opened), tuple(readings[step_id(step)].ends))
        for step in steps
    ]
    arrows = tuple(chain.from_iterable(reading.arrows for reading in readings.values()))
    met = _met(places, arrows)
    if missed := [place.id for place in places if place.id not in met]:
        raise UnreachedStepError(f"Nothing leads to {', '.join(missed)}.")
    order = list(dict.fromkeys(place.partition(".")[0] for place in met))
    return CallMap(
        tuple(sorted(((flow.name, words) for flow, words in script), key=lambda one: order.index(one[0]))),
        tuple(sorted(places, key=lambda place: order.index(place.flow))),
        arrows,
    )


def _met(places: Sequence[Place], arrows: Sequence[Arrow]) -> list[str]:
    """The steps in the order a call meets them: from the network first, then where jobs send it, then after faults."""
    leads: dict[str, list[str]] = {}
    for arrow in arrows:
        leads.setdefault(arrow.source, []).append(arrow.target)
    met: dict[str, None] = {}
    for kind in ("network", "job", "fault"):
        waiting = deque(place.id for place in places if any(entry.kind == kind for entry in place.entered))
        while waiting:
            here = waiting.popleft()
            if here not in met:
                met[here] = None
                waiting.extend(leads.get(here, ()))
    return list(met)
