"""What others wrote is here as they published it, byte for byte: npm packages, and fonts."""

import hashlib
from pathlib import Path

import pytest

import ivr.web.console
import ivr.web.papers

CONSOLE = Path(ivr.web.console.__file__).parent / "static" / "vendor"
FONTS = Path(ivr.web.papers.__file__).parent / "fonts/dejavu-2.37"

PUBLISHED = {
    CONSOLE
    / "pico-2.1.1/pico.classless.min.css": "61207a40ffc02a42d1e50143651c121beab70ed413c934c1ff84fa263ba436b0",
    FONTS / "DejaVuSans.ttf": "abdc775b21b1bc470d50c97e790d276f2054b7504e56e5bd3e64f48d68582322",
    FONTS / "DejaVuSans-Bold.ttf": "0d977336a6d5fba34eab8e3199eb218327161b5143749f802982c2bc34df0c96",
    CONSOLE / "pico-2.1.1/LICENSE.md": "afaff063e044233f917b7807dccab022f09dca474f92b642846bee4850655bbf",
}


@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.name)
def test_it_is_the_published_file(file: Path) -> None:
    assert hashlib.sha256(file.read_bytes()).hexdigest() == PUBLISHED[file]


def test_nothing_else_is_vendored() -> None:
    assert {file for file in CONSOLE.rglob("*") if file.is_file()} == {
        file for file in PUBLISHED if file.is_relative_to(CONSOLE)
    }
