"""The stylesheets: one file for a browser, chapters for whoever writes them, and one place for colours."""

import re
from hashlib import sha256
from itertools import chain
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import ivr
from ivr.web.styles import SHEETS, whole

HOUSE = Path(ivr.__file__).parent
CHAPTERS = {
    file
    for file in HOUSE.rglob("static/**/*.css")
    if "vendor" not in file.parts and file not in SHEETS.values()
}
TOKENS = next(file for file in CHAPTERS if file.name == "tokens.css")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def imported(name: str) -> list[Path]:
    text = SHEETS[name].read_text(encoding="utf-8")
    return [(SHEETS[name].parent / found).resolve() for found in re.findall(r'@import "([^"]+)"', text)]


def rules(file: Path) -> str:
    return COMMENT.sub("", file.read_text(encoding="utf-8"))


def test_a_page_names_its_sheet_by_what_is_in_it(stranger: FlaskClient) -> None:
    found = re.search(r'href="(/styles/console-([0-9a-f]{12})\.css)"', stranger.get("/login").text)
    assert found

    answer = stranger.get(found[1])

    assert answer.mimetype == "text/css"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert sha256(answer.data).hexdigest().startswith(found[2])
    assert answer.cache_control.immutable
    assert answer.cache_control.max_age == 365 * 24 * 60 * 60


def test_the_sheet_of_another_release_is_not_kept(stranger: FlaskClient) -> None:
    answer = stranger.get("/styles/console-000000000000.css")

    assert answer.status_code == 200
    assert answer.cache_control.no_cache
    assert answer.cache_control.max_age is None


def test_there_is_no_other_sheet(stranger: FlaskClient) -> None:
    assert stranger.get("/styles/nothing-000000000000.css").status_code == 404


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_all_its_chapters_in_their_order(name: str) -> None:
    texts = [bare(file.read_text(encoding="utf-8")) for file in imported(name)]

    assert "@import" not in whole(name)
    assert bare(whole(name)).endswith("".join(texts))
    assert TOKENS in imported(name)


def bare(text: str) -> str:
    """The rules alone."""
    return re.sub(r"\s", "", COMMENT.sub("", text))


def test_a_sheet_is_sent_without_what_is_for_its_writers_and_with_the_licence_of_the_library() -> None:
    comments = COMMENT.findall(whole("console"))

    assert [one for one in comments if not one.startswith("/*!")] == []
    assert "Pico CSS" in comments[0]


def test_every_chapter_is_in_a_sheet_and_fits_in_a_head() -> None:
    listed = set(chain.from_iterable(map(imported, SHEETS)))

    assert {file for file in listed if "vendor" not in file.parts} == CHAPTERS
    assert {file.name: lines for file in CHAPTERS if (lines := len(rules(file).splitlines())) > 250} == {}


def test_colours_have_one_place() -> None:
    colours = {file.name: re.findall(r":[^;{]*?(#[0-9a-f]{3,8}|rgb|hsl)\b", rules(file)) for file in CHAPTERS}

    assert [name for name, found in colours.items() if found] == ["tokens.css"]


def test_every_token_is_used_and_every_name_is_a_token() -> None:
    declared = set(re.findall(r"(--(?!pico)[a-z-]+):", rules(TOKENS)))
    used = set(re.findall(r"var\((--(?!pico)[a-z-]+)\)", "".join(map(rules, CHAPTERS))))

    assert used == declared


def test_every_class_is_worn() -> None:
    wearers = [
        file.read_text(encoding="utf-8")
        for pattern in ("templates/**/*.html", "static/**/*.js", "backoffice/reports/svg.py")
        for file in HOUSE.rglob(pattern)
        if "mail" not in file.parts
    ]
    named = set(
        re.findall(r"\.([a-z][a-z-]*)", "".join(re.findall(r"[^{};]+(?=\{)", "".join(map(rules, CHAPTERS)))))
    )

    assert len(named) > 100
    assert [
        name for name in sorted(named) if not any(re.search(rf"\b{name}\b", one) for one in wearers)
    ] == []
