"""What a search costs at 100,000 intakes, on SQLite and on PostgreSQL, against a fetch by primary key.

    .venv/bin/python -m bench.search [HOW_MANY]

A search is what its page does: the terms, their ids, the rows of the first page.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert

from bench.ground.rounds import ratios
from ivr.backoffice.search import rules as search_rules
from ivr.callcenter.intake.models import Intake
from ivr.core.db import Database, session
from ivr.core.phone_numbers import shown_number
from ivr.web.console.intake import queries as intake_queries
from tests.support.postgres import make_tables, new_database, start_postgres

ROUNDS: Final = 300
_SYLLABLES: Final = (  # noqa: SIM905
    "ma ri ro sa lo pe di az nu ñez ka el to vi an ge lu cé ha dad yen sto ne wil son ber tan"
).split()
_WORDS: Final = (  # noqa: SIM905
    "the phones went dead fax line hums since monday router reboots nobody hears voicemail full light red cable cut"
    " office upstairs conference room echo drops calls after lunch printer extension reception static noise new desk"
).split()
_STREETS: Final = ("Main", "Oak", "Mission", "Valencia", "Grand", "Harrison", "Telegraph", "Broadway")
_TOWNS: Final = ("Oakland, CA 94607", "San José, CA 95112", "Berkeley, CA 94704", "Fremont, CA 94536")

Search = Callable[[], object]


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(f"{count} intakes, {ROUNDS} searches of each kind, milliseconds\n")
    print("| database | kind | p50 | p95 | max | p50 against a fetch by key | each round |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        measured(f"sqlite:///{Path(folder) / 'line.db'}", count)
    server, stop = start_postgres()
    try:
        with new_database(server) as url:
            measured(url, count)
    finally:
        stop()


def measured(url: str, count: int) -> None:
    """Print the rows of one database."""
    database, chance = Database(url), random.Random(5)  # noqa: S311  # the same in every run
    make_tables(database.engine)
    made = list(intakes(count, chance))
    for start in range(0, count, 5_000):
        with database.transaction():
            session.execute(insert(Intake), made[start : start + 5_000])
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    floor: list[float] = []
    for kind, act in kinds(made, chance).items():
        times = [timed(database, act) for _ in range(ROUNDS)]
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[18]
        floor = floor or times
        name = database.engine.dialect.name
        print(
            f"| {name} | {kind} | {p50:.1f} | {p95:.1f} | {max(times):.1f} "
            f"| {p50 / statistics.median(floor):.1f} | {ratios(times, floor)} |",
            flush=True,
        )
    database.engine.dispose()


def kinds(made: list[dict[str, Any]], chance: random.Random) -> dict[str, Search]:
    """Return the searches to time, by name, the fetch by key first. Each run of one looks for another intake."""

    def of(typed: Callable[[dict[str, Any]], str]) -> Search:
        return lambda: intake_queries.found(search_rules.terms(typed(chance.choice(made))))

    return {
        "fetch by key": lambda: session.get(Intake, chance.choice(made)["id"]),
        "reference": lambda: intake_queries.reference_of(chance.choice(made)["reference"].lower()),
        "whole name": of(lambda one: one["contact_name"]),
        "beginning of a name": of(lambda one: one["contact_name"][:4]),
        "number, grouped": of(lambda one: shown_number(one["caller_number"])),
        "number, E.164": of(lambda one: one["caller_number"]),
        "last seven digits": of(lambda one: f"{one['caller_number'][-7:-4]}-{one['caller_number'][-4:]}"),
        "last four digits": of(lambda one: one["caller_number"][-4:]),
        "email, whole": of(lambda one: one["contact_email"]),
        "email, its domain": of(lambda one: one["contact_email"].partition("@")[2]),
        "one common word": of(lambda one: one["issue"].split()[0]),
        "three words": of(lambda one: " ".join(one["issue"].split()[:3])),
        "one letter": of(lambda one: one["contact_name"][0]),
        "nothing there": of(lambda one: f"{one['contact_name']} zzyzx"),
    }


def intakes(count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Yield rows of Intake with realistic names, numbers and words."""
    for number in range(1, count + 1):
        first, last = ("".join(chance.choices(_SYLLABLES, k=3)).capitalize() for _ in "12")
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
        yield {
            "id": number,
            "reference": f"R{number:06d}",
            "conference_name": f"room-{number}",
            "created_at": at,
            "heard_at": at,
            "caller_number": f"+1415{chance.randrange(2_000_000, 10_000_000)}",
            "contact_name": f"{first} {last}",
            "contact_email": f"{first}.{last}@{chance.choice(_SYLLABLES)}{number % 900}.example.com".lower(),
            "system_number": f"+1510{chance.randrange(2_000_000, 10_000_000)}",
            "site_address": f"{chance.randrange(1, 9999)} {chance.choice(_STREETS)} Street\n{chance.choice(_TOWNS)}",
            "issue": " ".join(chance.choices(_WORDS, k=12)),
            "detailed_issue": " ".join(chance.choices(_WORDS, k=30)),
        }


def timed(database: Database, act: Search) -> float:
    begun = time.perf_counter()
    with database.reading():
        act()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
