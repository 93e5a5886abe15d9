"""The figures of docs/scale.md: what the benches measured, and what follows from it for more calls. Pure.

The words are in scale.md beside this file, with the names of these figures in braces.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bench.ground.tables import Row, figures, rows

NEEDED: Final = {"whole", "webhook", "line", "calls"}
HOURLY: Final = {"ten": 10, "thousand": 1_000, "most": 100_000}
_MINUTES: Final = 10
_CORES: Final = 2
_TEMPLATE: Final = Path(__file__).with_name("scale.md")


def page(kept: Mapping[str, str]) -> str:
    """Return docs/scale.md from what the benches have printed, by their names."""
    tables = {bench: list(rows(kept[bench])) for bench in NEEDED}
    return _TEMPLATE.read_text(encoding="utf-8").format_map(_told(measured(tables)))


def measured(tables: Mapping[str, list[Row]]) -> dict[str, float]:
    """Return every figure of the page by its name. Processor is in seconds, a look in milliseconds."""
    whole = tables["whole"]

    def of_a_call(column: str, database: str = "postgresql") -> float:
        return figures(whole, column, database)[0]

    statements = [
        one for of in ("the first", "later:", "left") for one in figures(tables["webhook"], "statements", of)
    ]
    looks = figures(tables["line"], "p50", "postgresql")
    here = {
        "webhooks": of_a_call("webhooks a call"),
        "web": of_a_call("web a call"),
        "worker": of_a_call("worker a call"),
        "idle_percent": 100 * of_a_call("worker idle"),
        "legs": of_a_call("rung a call"),
        "statements": sum(statements) / len(statements),
        **dict(zip(("look_1", "look_10", "look_100", "look_1000"), looks, strict=True)),
        "sqlite_web": of_a_call("web a call", "sqlite"),
        "sqlite_worker": of_a_call("worker a call", "sqlite"),
        "sqlite_a_second": figures(tables["calls"], "a second", "sqlite, the line")[0],
    }
    return here | _follows(here)


def _follows(here: Mapping[str, float]) -> dict[str, float]:
    """Return the arithmetic."""
    webhooks, looks = here["webhooks"], HOURLY["most"] * 2 / 3600
    both = here["sqlite_web"] + here["sqlite_worker"]
    found = {
        "for_each_look": 1000 / looks,
        "most_cores": HOURLY["most"] * (here["web"] + here["worker"]) / 3600,
        "by_rings": 3600 / here["legs"],
        "sqlite_both": both,
        "by_cores": _CORES * 3600 / both,
        "by_webs": here["sqlite_a_second"] * 3600 / webhooks,
    }
    for name, calls in HOURLY.items():
        each = {
            "at_once": calls * _MINUTES / 60,
            "webhooks": calls * webhooks / 3600,
            "web": calls * here["web"] / 3600,
            "worker": calls * here["worker"] / 3600,
            "statements": calls * webhooks * here["statements"] / 3600,
            "legs": calls * here["legs"] / 3600,
            "looks": calls * 2 / 3600,
        }
        found |= {f"{name}_{what}": value for what, value in each.items()}
    return found


def _told(values: Mapping[str, float]) -> dict[str, str]:
    """Return each figure in words: two digits count."""
    return {name: short(value) for name, value in values.items()}


def short(value: float) -> str:
    """Return the figure with two digits that count: 0.31, 2.5, 57, 1,600."""
    if not value:
        return "0"
    digits = 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, digits)
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"
