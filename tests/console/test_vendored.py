"""What others wrote is here as they published it: npm packages, byte for byte."""

import hashlib
from pathlib import Path

import pytest

import ivr.web.console

CONSOLE = Path(ivr.web.console.__file__).parent / "static" / "vendor"
TESTS = Path(__file__).parent / "vendor"

PUBLISHED = {
    CONSOLE
    / "pico-2.1.1/pico.classless.min.css": "61207a40ffc02a42d1e50143651c121beab70ed413c934c1ff84fa263ba436b0",
    CONSOLE / "pico-2.1.1/LICENSE.md": "afaff063e044233f917b7807dccab022f09dca474f92b642846bee4850655bbf",
    TESTS / "axe-core-4.14.1/axe.min.js": "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c",
    TESTS / "axe-core-4.14.1/LICENSE": "af175b9d96ee93c21a036152e1b905b0b95304d4ae8c2c921c7609100ba8df7e",
    TESTS
    / "axe-core-4.14.1/LICENSE-3RD-PARTY.txt": "4f8563870d0fca38bbc3e00b6f670cb7fa9f380ba9f26a7f7d1184a6b18b1653",
}


@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.name)
def test_it_is_the_published_file(file: Path) -> None:
    assert hashlib.sha256(file.read_bytes()).hexdigest() == PUBLISHED[file]


def test_nothing_else_is_vendored() -> None:
    assert {file for folder in (CONSOLE, TESTS) for file in folder.rglob("*") if file.is_file()} == set(
        PUBLISHED
    )
