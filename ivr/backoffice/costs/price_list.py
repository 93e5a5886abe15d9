"""The tables of prices: those of this release, and after them the owner's own."""

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import phonenumbers

from ivr.backoffice.costs.rules import MICROS, PRICES, Table, Tariff
from ivr.core.errors import BadConfigError

_OURS: Final = Path(__file__).with_name("prices.toml")
_NAMES: Final = {"since", "source"}


def tariff(number: str, own: str = "") -> Tariff:
    """Return the prices for this number of ours, with the tables of the owner's file. Raises BadConfigError."""
    return Tariff(_tables(own), _is_toll_free(number))


@cache
def usual() -> Tariff:
    """Return the prices of this release, for a toll-free number."""
    return Tariff(_tables(""), is_toll_free=True)


def _tables(own: str) -> Sequence[Table]:
    """Return a whole table for each day on which a price changes: our prices, and the owner's in their place."""
    ours, theirs = _read(_OURS), _read(Path(own)) if own else []
    ours[0] = (date.min, *ours[0][1:])  # days before it have its prices
    found = []
    for day in sorted({since for since, _, _ in (*ours, *theirs)}):
        micros: dict[str, int] = {}
        sources = []
        for tables in (ours, theirs):
            held = [one for one in tables if one[0] <= day]
            for _, _, prices in held:
                micros |= prices
            sources += [source for _, source, _ in held[-1:]]
        found.append(Table(day, " ".join(sources), micros))
    return found


def _read(file: Path) -> list[tuple[date, str, dict[str, int]]]:
    """Return the tables of the file, the oldest first: the day, the source, the prices by name."""
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)["table"]
        found = [(one["since"], str(one.get("source", file.name)), dict(_prices(one))) for one in tables]
        return sorted(found, key=lambda one: date.toordinal(one[0]))
    except (OSError, ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as wrong:
        words = f"PRICES_FILE: {file} cannot be read: {wrong}. It has the shape of ivr/backoffice/costs/prices.toml"
        raise BadConfigError(words) from wrong


def _prices(table: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for name, price in table.items():
        if name in _NAMES:
            continue
        micros = Decimal(price) * MICROS
        if name not in PRICES or micros < 0 or micros != int(micros):
            raise ValueError(f"{name} = {price}")
        yield name, int(micros)


def _is_toll_free(number: str) -> bool:
    return phonenumbers.number_type(phonenumbers.parse(number)) == phonenumbers.PhoneNumberType.TOLL_FREE
