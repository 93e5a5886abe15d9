"""What others wrote is here as they published it: npm packages, byte for byte."""

import hashlib
from pathlib import Path

import pytest

import ivr.web.console

CONSOLE = Path(ivr.web.console.__file__).parent / "static" / "vendor"

PUBLISHED = {
    CONSOLE
    / "pico-2.1.1/pico.classless.min.css": "61207a40ffc02a42d1e50143651c121beab70ed413c934c1ff84fa263ba436b0",
    CONSOLE / "pico-2.1.1/LICENSE.md": "afaff063e044233f917b7807dccab022f09dca474f92b642846bee4850655bbf",
}


@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.name)
def test_it_is_the_published_file(file: Path) -> None:
    assert hashlib.sha256(file.read_bytes()).hexdigest() == PUBLISHED[file]


def test_nothing_else_is_vendored() -> None:
    assert {file for file in CONSOLE.rglob("*") if file.is_file()} == set(PUBLISHED)
