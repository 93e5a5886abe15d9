"""All checks at once: none ends the others, and none is waited for longer than a while."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextvars import copy_context
from threading import Thread
from time import monotonic
from typing import Final, NamedTuple

from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger

from ivr.backoffice.checks.finding import Finding, State, unknown, without_outage, worst, wrong
from ivr.core.fault_traces import trace
from ivr.services import Services

log = get_logger(__name__)
#: Seconds. Each check limits what it waits for by itself; this ends what does not come to an end all the same.
PATIENCE: Final = 25.0
OfFault = Callable[[Services, Exception], Finding | None]


class Check(NamedTuple):
    """A check: its name for monitoring, its title for people, and what looks."""

    name: str
    title: str
    look: Callable[[Services], Iterable[Finding]]


class Result(NamedTuple):
    """One finding of one check."""

    name: str
    title: str
    finding: Finding


class Checkup:
    """The checks of an application, in the order in which a person reads them.

    ``of_fault`` says what it means that a check has failed; None where the check itself is at fault.
    """

    def __init__(self, checks: Sequence[Check], of_fault: OfFault = lambda _ours, _fault: None) -> None:
        self.checks = checks
        self.of_fault = of_fault

    def results(self, ours: Services, *, patience: float = PATIENCE) -> list[Result]:
        """Look at everything and return what was found, in order. Call it in no transaction."""
        until = monotonic() + patience
        looks = [(check, self._begun(check, ours)) for check in self.checks]
        return list(_gathered(looks, until, patience))

    def _begun(self, check: Check, ours: Services) -> Future[list[Finding]]:
        """Begin to look, in a thread that nothing waits for: a pool's would hold up the end of the process."""
        look: Future[list[Finding]] = Future()

        def go() -> None:
            look.set_result(self._looked(check, ours))

        Thread(target=copy_context().run, args=(go,), name=f"check {check.name}", daemon=True).start()
        return look

    def _looked(self, check: Check, ours: Services) -> list[Finding]:
        try:
            return list(without_outage(check.look(ours)))
        except Exception as fault:  # noqa: BLE001  # one check must not end the others
            return [self._explained(fault, ours) or _failed(check, fault)]

    def _explained(self, fault: Exception, ours: Services) -> Finding | None:
        try:
            return self.of_fault(ours, fault)
        except SQLAlchemyError:
            return None  # the database is away by now; what was found first is told


def state_of(results: Iterable[Result]) -> State:
    """Return how all of it stands."""
    return worst(one.finding.state for one in results)


def as_json(results: Iterable[Result]) -> list[dict[str, str]]:
    """Return the results as they are printed and kept."""
    return [
        {
            "check": one.name,
            "title": one.title,
            "state": one.finding.state,
            "found": one.finding.found,
            "to_do": one.finding.to_do,
            "page": one.finding.page,
        }
        for one in results
    ]


def of_json(kept: Iterable[dict[str, str]]) -> list[Result]:
    """Return the results that ``as_json`` has written."""
    return [
        Result(
            one["check"],
            one["title"],
            Finding(State(one["state"]), one["found"], one["to_do"], one["page"]),
        )
        for one in kept
    ]


def _gathered(
    looks: Iterable[tuple[Check, Future[list[Finding]]]], until: float, patience: float
) -> Iterator[Result]:
    for check, look in looks:
        wait([look], max(0.0, until - monotonic()))
        if look.done():
            findings = look.result()
        else:
            findings = [unknown(f"No answer came within {patience:.0f} seconds.", "Check again in a while.")]
        yield from (Result(check.name, check.title, one) for one in findings)


def _failed(check: Check, fault: Exception) -> Finding:
    log.error("check_failed", check=check.name, error=type(fault).__name__, where=trace(fault))
    why = f"This check itself has failed ({type(fault).__name__})."
    return wrong(why, "The log has the reason. Tell whoever develops this service.")
