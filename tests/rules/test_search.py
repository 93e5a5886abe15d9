"""What somebody typed, as terms; and where they stand in a text."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.backoffice.search import rules as search_rules


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("", []),
        ("  ... -- ", []),
        ("Rosa Díaz", ["rosa*", "diaz*"]),
        ("K7M3QX", ["k7m3qx*"]),
        ("(415) 555-2671", ["4155552671*"]),
        ("+1 415.555.2671", ["14155552671*"]),
        ("555-2671", ["5552671*"]),
        ("415\N{NON-BREAKING HYPHEN}555\N{EN DASH}2671", ["4155552671*"]),
        ("415/555-2671", ["4155552671*"]),
        ("tel:+1-415-555-2671", ["4155552671*"]),
        ("(415) 555-2671 ext. 12", ["4155552671*"]),
        ("\N{LEFT-TO-RIGHT EMBEDDING}+44 20 7946 0958\N{POP DIRECTIONAL FORMATTING}", ["442079460958*"]),
        ("415 Mission", ["415*", "mission*"]),
        ("2671", ["2671*"]),
        ("rosa@example.com", ["rosa*", "example*", "com*"]),
        ("12 Main St", ["12", "main*", "st*"]),
        ("a a A", ["a"]),
        ("O'Neil", ["oneil*"]),
        ("'80s rock 'n' roll", ["80s*", "rock*", "n", "roll*"]),
        ("\ue000 \ue000a\ue000", ["a"]),
        ('" OR NEAR( * ^', ["or*", "near*"]),
        ("x" * 200, ["x" * 60 + "*"]),
        ("1 2 3 4 5 6 7 8 9", list("12345678")),
    ],
)
def test_what_is_looked_for(typed: str, terms: list[str]) -> None:
    assert [term.text + "*" * term.is_beginning for term in search_rules.terms(typed)] == terms


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Rosa Díaz", "diaz", "Rosa [Díaz]"),
        ("ring (415) 555-2671 <b>now</b>", "5552671", "ring [(415) 555-2671] <b>now</b>"),
        ("12 Main, 1234 Main", "12 main", "[12] [Main], 1234 [Main]"),
        ("nothing", "else", "nothing"),
        ("Sean O'Neil", "oneil", "Sean [O'Neil]"),
        (
            "Sean O\N{RIGHT SINGLE QUOTATION MARK}Neil",
            "o'neil",
            "Sean [O\N{RIGHT SINGLE QUOTATION MARK}Neil]",
        ),
        ("Sean O'Neil", "neil", "Sean [O'Neil]"),
        ("'Neil' said", "neil", "'[Neil]' said"),
        ("Nu\u0301n\u0303ez", "nunez", "[Nu\u0301n\u0303ez]"),
        ("Jan Kowałski", "kowalski", "Jan [Kowałski]"),
    ],
)
def test_what_was_found_is_marked(text: str, typed: str, shown: str) -> None:
    pieces = search_rules.marked(text, search_rules.terms(typed))
    assert "".join(f"[{piece}]" if is_found else piece for piece, is_found in pieces) == shown


def test_an_excerpt_is_about_the_first_thing_found() -> None:
    text = f"{'blah ' * 60}the fax line hums {'blah ' * 60}"
    cut = search_rules.excerpt(text, search_rules.terms("fax"))
    assert "the fax line" in cut
    assert cut.startswith("… ")
    assert cut.endswith(" …")
    assert len(cut) < 170
    assert search_rules.excerpt("short", search_rules.terms("fax")) == "short"


@given(st.text(max_size=120))
def test_whatever_is_typed_is_a_query_and_loses_nothing_of_a_text(typed: str) -> None:
    wanted = search_rules.terms(typed)
    if wanted:
        with sqlite3.connect(":memory:") as index:
            index.execute("CREATE VIRTUAL TABLE found USING fts5(words)")
            index.execute("SELECT rowid FROM found WHERE found MATCH ?", (search_rules.as_fts5(wanted),))
        index.close()
    assert "".join(piece for piece, _ in search_rules.marked(typed, wanted)) == typed
