"""What becomes of the figures of the bench: the pages, their verdicts and their charts."""

import re
import xml.etree.ElementTree as ET

import pytest

from bench.ground import book, scale
from bench.ground.chart import chart
from bench.ground.rounds import ratios
from bench.ground.tables import figure, name, rows
from bench.ground.targets import CHAPTERS, Target

PRINTED = """\
2026-11-30, 2 cores of a machine

16 at once

| database | web | a second | p99 | each round |
|---|---|---|---|---|
| sqlite | the line | 150 | 140 | |
| sqlite | **ratio, a second** | **0.51** | | 0.50, 0.52 |
| postgresql | **ratio, a second** | **0.43** | | 0.41, 0.45 |
"""
KEPT = {
    "calls": PRINTED,
    "whole": "| database | webhooks a call | rung a call | web a call | worker a call | worker idle |\n"
    "|---|---|---|---|---|---|\n"
    "| sqlite | 29 | 2.5 | 0.250 | 0.150 | 0.005 |\n| postgresql | 30 | 2.5 | 0.300 | 0.100 | 0.006 |\n",
    "webhook": "| database | request | statements |\n|---|---|---|\n"
    "| sqlite | the first webhook of a call | 8 |\n| sqlite | an empty route | 0 |\n| sqlite | later: a key | 4 |\n",
    "line": "| database | in line | p50 |\n|---|---|---|\n"
    + "".join(
        f"| postgresql | {many} | {took} |\n" for many, took in ((1, 5.0), (10, 5.1), (100, 5.2), (1000, 5.9))
    ),
}
AT_LEAST_HALF = Target("Against the limit", "a second", 0.5, "ratio", is_least=True)


def test_a_table_is_read_as_it_was_printed() -> None:
    line, ratio, _ = rows(PRINTED)

    assert (name(line), figure(line, "p99"), figure(line, "each round")) == ("sqlite, the line", 140, None)
    assert (name(ratio), figure(ratio, "a second")) == ("sqlite, ratio, a second", 0.51)
    assert figure({"calls": "80, 95, 91"}, "calls") == 95
    assert figure({"missed": "3 of 500"}, "missed") == 3


@pytest.mark.parametrize(
    ("bound", "verdict"),
    [
        (0.4, "Against the limit, at least 0.4: held, 0.43 to 0.51."),
        (0.5, "Against the limit, at least 0.5: **not held**. postgresql, ratio, a second: 0.43."),
    ],
)
def test_the_table_says_whether_a_target_is_held(bound: float, verdict: str) -> None:
    target = Target("Against the limit", "a second", bound, "ratio", is_least=True)

    assert target.verdict(list(rows(PRINTED))) == verdict
    assert target.verdict([]) == f"Against the limit, at least {bound}: not measured yet."


def test_each_round_has_its_ratio() -> None:
    assert ratios([2, 2, 3, 3, 8, 8], [1, 1, 1, 1, 2, 2], min) == "2.00, 2.00, 3.00, 3.00, 4.00"
    assert ratios([3, 4], [2, 2]) == "1.50, 2.00"


def test_a_bar_is_as_long_as_its_figure_and_what_is_not_held_says_so() -> None:
    drawn = ET.fromstring(chart("Limit & line", [AT_LEAST_HALF], list(rows(PRINTED))))  # noqa: S314  # ours
    bars = [one for one in drawn.iter() if one.get("class") in {"held", "missed"}]
    words = [one.text or "" for one in drawn.iter() if one.tag.endswith("text")]
    bounds = [
        re.findall(r"M([\d.]+) ", one.get("d", "")) for one in drawn.iter() if one.get("class") == "bound"
    ]

    held, missed = (float(one.get("width", "")) for one in bars)
    assert [one.get("class") for one in bars] == ["held", "missed"]
    assert held / missed == pytest.approx(0.51 / 0.43, rel=0.01)
    assert bounds == [[f"{4 + held * 0.5 / 0.51:.1f}"]] * 2
    assert {"0.51", "0.43 not held"} <= set(words)


def test_the_page_has_what_was_printed_and_says_what_was_not_measured() -> None:
    page = book.page({"calls": PRINTED}, "## By hand\n")

    assert "* 2026-11-30, 2 cores of a machine: calls\n" in page
    assert "| sqlite | **ratio, a second** | **0.51** | | 0.50, 0.52 |" in page
    assert "(measured/calls.svg)" in page
    assert page.count("Not measured yet.") == len(CHAPTERS) - 1
    assert page.endswith("## By hand\n")


def test_every_bench_has_its_chapter_and_one_sentence() -> None:
    benches = {file.stem for file in (book.ROOT / "bench").glob("[a-z]*.py")}

    assert benches == {one.bench for one in CHAPTERS}
    assert len(re.findall(r"\.py\): \S.*\.$", book.page({}, ""), re.MULTILINE)) == len(CHAPTERS)


def test_the_page_is_not_edited_by_hand() -> None:
    page = (book.ROOT / "docs" / "measured.md").read_text(encoding="utf-8")

    for file in book.KEPT.glob("*.md"):
        text = file.read_text(encoding="utf-8")
        assert (text if file.stem == "exhaustive" else text.partition("\n")[2]).strip() in page, file


def test_the_figures_of_scale_follow_from_the_tables() -> None:
    page = scale.page(KEPT)

    assert "| webhooks a second (x 30 / 3600) | 0.083 | 8.3 | 830 |" in page
    assert "| statements a second (x 30 x 6 / 3600) | 0.5 | 50 | 5,000 |" in page
    assert "2 x 3600 / 0.4 = **18,000 calls an hour**" in page
    assert "11 cores, twice as many" in page
    assert "{" not in page


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0021, "0.0021"), (0.307, "0.31"), (2.5, "2.5"), (9.96, "10"), (1583.3, "1,600"), (0, "0")],
)
def test_two_digits_count(value: float, words: str) -> None:
    assert scale.short(value) == words
