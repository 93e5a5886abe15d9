"""How a call enters the script from outside: at an address that the network knows, by a job, or after a fault."""

import ast
import inspect
import textwrap
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from devtools.callmap.model import Entry
from ivr.platform.jobs.context import Routes
from ivr.platform.voice import Step
from ivr.worker import JOBS, routes


def entries(step: Step[Any], opened: dict[str, list[str]]) -> tuple[Entry, ...]:
    """Return every way into this step. The network knows the addresses that the code spells out."""
    found = [Entry("job", job) for job in opened.get(step.address, ())]
    if step.address != f"/voice/{step.flow.name}/{step.name}":
        found.insert(0, Entry("network", step.address))
    if step is step.flow.fallback_step:
        found.append(Entry("fault", "fallback"))
    return tuple(found)


def opened_by_jobs() -> dict[str, list[str]]:
    """Return the jobs that send legs to an address, by address; "a job" for a route that no job names."""
    jobs = {name: _routes_in(inspect.getsource(job)) for name, job in JOBS.items()}
    all_routes = routes("")
    found: dict[str, list[str]] = {}
    for route in fields(Routes):
        address = getattr(all_routes, route.name)()
        openers = [name for name, named in jobs.items() if route.name in named]
        found.setdefault(address, []).extend(openers or ["a job"])
    return {address: sorted(set(openers)) for address, openers in found.items()}


def _routes_in(source: str) -> Sequence[str]:
    """Return the names in ``context.routes.<name>``."""
    return [
        node.attr
        for node in ast.walk(ast.parse(textwrap.dedent(source)))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "routes"
    ]
