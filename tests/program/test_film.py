"""README's film: one file that asks nobody outside, and shows the call as the switchboard plays it now."""

import re
from xml.etree.ElementTree import fromstring

import pytest

from devtools.guided_call import steps
from devtools.moving_picture import Panel, Shot, moving_picture
from tests.support.paths import ROOT

pytestmark = pytest.mark.quick

FILM = ROOT / "docs" / "film.svg"
SVG = "{http://www.w3.org/2000/svg}"


def test_the_film_shows_the_steps_of_the_switchboard_and_is_small() -> None:
    film = FILM.read_text(encoding="utf-8")
    picture = fromstring(film)  # noqa: S314  # our own file
    shown = [text.text for text in picture.iter(f"{SVG}text")]
    numbers = ["+14155550100"], ["+14155550101"]

    told = steps("+14155550102", "+18005550100", *numbers)
    assert shown == [f"{place}. {step['words']}" for place, step in enumerate(told, 1)], "make film"
    assert all(one.get("href", "").startswith("data:image/webp;") for one in picture.iter(f"{SVG}image"))
    assert len(film) < 2_000_000
    assert "docs/film.svg" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_each_photograph_is_seen_until_the_next_and_one_moment_stands_still() -> None:
    panel = Panel(0, 0, 300, 200, [Shot(0, b"one"), Shot(3, b"two")])
    film = moving_picture("A & B", [Shot(0, "1 < 2"), Shot(2, "2")], [panel], seconds=4, still=2.5)

    frames = dict(re.findall(r"@keyframes (\w+)\{(.*?\})\}", film))
    assert frames == {
        "s0": "0.000%{visibility:visible}50.000%{visibility:hidden}",
        "s1": "0%{visibility:hidden}50.000%{visibility:visible}",
        "s2": "0.000%{visibility:visible}75.000%{visibility:hidden}",
        "s3": "0%{visibility:hidden}75.000%{visibility:visible}",
    }
    still = [one.get("id") for one in fromstring(film).iter() if "still" in one.get("class", "")]  # noqa: S314  # our own
    assert still == ["s1", "s2"]
