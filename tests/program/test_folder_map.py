"""README's map of the code names every folder there is, and no other."""

import re
from collections.abc import Iterator

from tests.support.paths import ROOT

#: Folders whose insides are a matter of their own.
WHOLE = (
    "bench",
    "deploy",
    "devtools",
    "flows",
    "migrations",
    "packages/twilio-simulator",
    "tests",
    "ivr/cli",
)


def mapped() -> Iterator[str]:
    """Every path of the map, whole."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = text.partition("## A map of the code")[2].partition("## Running it for real")[0]
    band = ""
    for indent, path in re.findall(r"^    ( *)([\w./-]+)  +\S", block, re.MULTILINE):
        band = path if not indent else band
        yield path.rstrip("/") if not indent else f"{band}{path}".rstrip("/")


def there() -> Iterator[str]:
    """What a map must name: the bands, the rooms in each, and the modules that lie in ``ivr/`` itself."""
    yield from WHOLE
    yield from (f"ivr/{file.name}" for file in (ROOT / "ivr").glob("[a-z]*.py"))
    for band in (ROOT / "ivr").iterdir():
        if band.is_dir() and band.name not in {"__pycache__", "cli"}:
            yield f"ivr/{band.name}"
            yield from (
                f"ivr/{band.name}/{room.name}"
                for room in band.iterdir()
                if room.is_dir() and (room / "__init__.py").exists()
            )


def test_the_map_is_the_house() -> None:
    assert sorted(mapped()) == sorted(there())


def test_ls_ivr_shows_eleven_entries() -> None:
    entries = {path.name for path in (ROOT / "ivr").iterdir() if not path.name.startswith("__")}

    assert len(entries) == 11, sorted(entries)
