"""What others wrote is here as they published it: npm packages, byte for byte."""

import hashlib
from pathlib import Path

import pytest

AXE = Path(__file__).parent / "vendor/axe-core-4.14.1"
PUBLISHED = {
    "axe.min.js": "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c",
    "LICENSE": "af175b9d96ee93c21a036152e1b905b0b95304d4ae8c2c921c7609100ba8df7e",
    "LICENSE-3RD-PARTY.txt": "4f8563870d0fca38bbc3e00b6f670cb7fa9f380ba9f26a7f7d1184a6b18b1653",
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_it_is_the_published_file(name: str) -> None:
    assert hashlib.sha256((AXE / name).read_bytes()).hexdigest() == PUBLISHED[name]


def test_nothing_else_is_vendored() -> None:
    assert {file.name for file in AXE.parent.rglob("*") if file.is_file()} == set(PUBLISHED)
