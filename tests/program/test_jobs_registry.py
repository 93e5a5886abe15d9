"""Every job that is enqueued has a handler, and every handler is enqueued by somebody."""

import ast

from ivr.worker import JOBS, ROUTINES
from tests.support.paths import ROOT

HOUSE = ROOT / "ivr"


def enqueued() -> set[str]:
    """The names given to ``enqueue`` anywhere in the house; each must be a literal, so that this test can see it."""
    names = set()
    for file in set(HOUSE.rglob("*.py")) - {HOUSE / "platform" / "jobs" / "routine.py"}:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "enqueue":
                name = node.args[0]
                assert isinstance(name, ast.Constant), f"{file.name}:{node.lineno} hides the job's name"
                names.add(str(name.value))
    return names


def test_there_are_jobs_to_be_found() -> None:
    assert "dispatch.assign" in enqueued()


def test_every_job_has_a_handler_and_every_handler_a_job() -> None:
    assert enqueued() | {routine.name for routine in ROUTINES} == set(JOBS)
