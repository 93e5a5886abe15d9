"""Who imports whom, measured from the imports themselves: no folder is in a circle, and no arrow runs up."""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.support.paths import ROOT

#: From the top down: a band imports what stands below it, and no other band beside it.
BANDS = (
    ("ivr.app", "ivr.cli"),
    ("ivr.worker",),
    ("ivr.operations",),
    ("ivr.web", "flows"),
    ("ivr.backoffice",),
    ("ivr.callcenter",),
    ("ivr.company",),
    ("ivr.services",),
    ("ivr.platform",),
    ("ivr.core",),
)
#: The application has commands, and one of them, ``replay``, makes an application of its own.
EXCUSED = {("ivr.app", "ivr.cli"), ("ivr.cli.replay", "ivr.app")}
#: In and out: which modules import which.
Arrows = Mapping[str, set[str]]


def test_no_arrow_runs_up() -> None:
    assert list(upward(arrows())) == []


def test_no_folder_is_in_a_circle() -> None:
    assert circles(rooms(arrows())) == []


def test_the_measure_bites() -> None:
    house = {"ivr.core.clock": {"ivr.company.staff.roster"}, "ivr.company.staff.roster": {"ivr.core.clock"}}

    assert list(upward(house)) == [("ivr.core.clock", "ivr.company.staff.roster")]
    assert circles(rooms(house)) == [["ivr.company.staff", "ivr.core"]]
    assert list(upward({"flows.desk": {"ivr.web.headers"}})) == [("flows.desk", "ivr.web.headers")]


def test_one_file_speaks_to_twilio_over_rest() -> None:
    asking = [name for name, targets in arrows(whole=True).items() if "twilio.rest" in targets]

    assert asking == ["ivr.platform.providers.twilio_rest"]


def test_only_dialing_permits_a_call_and_only_jobs_have_it_made() -> None:
    """Whoever has a telephone ring needs a permit: it is the type of the argument."""
    permits = {name for name, file in FILES.items() if called("Permit", file)}
    assert permits == {"ivr.company.dialing.service"}
    rings = {name for name, file in FILES.items() if called("telephone.ring", file)}
    assert rings == {
        "ivr.callcenter.routing.jobs",
        "ivr.callcenter.routing.lone_legs",
        "ivr.callcenter.supervision.callback_jobs",
    }
    creates = {name for name, file in FILES.items() if called("calls.create", file)}
    assert creates == {"ivr.platform.providers.twilio_calls"}


def called(words: str, file: Path) -> bool:
    """Whether something that ends in these words is called."""
    calls = (
        node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    )
    return any(f".{ast.unparse(call.func)}".endswith(f".{words}") for call in calls)


def arrows(*, whole: bool = False) -> Arrows:
    """Every module of the service and what it imports at run time; ``whole``: of others' modules, too.

    ``ivr`` itself is left out: it loads nothing until it is asked for ``create_app``.
    """
    return {
        name: {target for target in imported(file) if whole or target in FILES} - {name, "ivr"}
        for name, file in FILES.items()
        if name != "ivr"
    }


def module(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module(file): file for top in ("ivr", "flows") for file in (ROOT / top).rglob("*.py")}


def imported(file: Path) -> Iterator[str]:
    for node in statements(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node, but for what is imported for the type checker alone."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield node
            yield from statements(node)


def upward(found: Arrows) -> Iterator[tuple[str, str]]:
    """Arrows from a band to one above it, or beside it."""
    for source, targets in sorted(found.items()):
        for target in sorted(targets):
            (floor, room), (other_floor, other_room) = band(source), band(target)
            if (source, target) not in EXCUSED and (
                other_floor < floor or (other_floor == floor and room != other_room)
            ):
                yield source, target


def band(name: str) -> tuple[int, str]:
    """The floor on which a module stands, from the top, and its band. Every module has one."""
    for floor, names in enumerate(BANDS):
        for one in names:
            if name == one or name.startswith(f"{one}."):
                return floor, one
    raise AssertionError(f"{name} stands in no band")


def rooms(found: Arrows) -> Arrows:
    """The same between folders. A module that lies in ``ivr/`` itself is a room of its own."""
    packages = {module(file) for top in ("ivr", "flows") for file in (ROOT / top).rglob("__init__.py")}

    def room(name: str) -> str:
        folder = name.rpartition(".")[0]
        return name if name in packages or folder == "ivr" else folder

    between: dict[str, set[str]] = defaultdict(set)
    for source, targets in found.items():
        between[room(source)] |= {
            room(target)
            for target in targets
            if room(target) != room(source) and (source, target) not in EXCUSED
        }
    return between


def circles(found: Arrows) -> list[list[str]]:
    """Rooms that reach each other, each circle sorted."""
    reached = {room: set(reachable(room, found)) for room in found}
    together = {
        tuple(sorted({room, *(other for other in reach if room in reached.get(other, ()))}))
        for room, reach in reached.items()
    }
    return [list(circle) for circle in sorted(together) if len(circle) > 1]


def reachable(start: str, found: Arrows) -> Iterable[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        for target in found.get(todo.pop(), ()):
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


if __name__ == "__main__":  # what the closing note counts
    up, knots = list(upward(arrows())), circles(rooms(arrows()))
    sys.stdout.write(f"arrows that run up: {len(up)}; circles between folders: {len(knots)}\n")
