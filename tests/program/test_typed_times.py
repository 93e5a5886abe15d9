"""Whatever time is typed on a page, its zone stands beside it."""

import re

from tests.support.paths import ROOT

TEMPLATES = sorted((ROOT / "ivr").rglob("*.html"))
MACRO = "_time.html"


def test_every_time_is_typed_through_the_one_macro_that_shows_the_zone() -> None:
    typed = re.compile(r"""type=["']?(?:time|datetime-local)\b""")
    assert [file.name for file in TEMPLATES if typed.search(file.read_text(encoding="utf-8"))] == [MACRO]
    (macro,) = [file for file in TEMPLATES if file.name == MACRO]
    assert '<span class="zone" id="{{ id }}-zone">{{ calendar|zone }}</span>' in macro.read_text(
        encoding="utf-8"
    )


def test_no_page_names_the_zone_by_itself() -> None:
    """The calendar knows it: an owner's zone may be another."""
    assert [file.name for file in TEMPLATES if "Pacific" in file.read_text(encoding="utf-8")] == []
