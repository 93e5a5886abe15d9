"""Every kind of letter has its three parts, and every sentence of it its Spanish."""

import re
from collections.abc import Sequence

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import InternationalizationExtension, extract_from_ast

from ivr.company.mail.rendering import LOCALE, TEMPLATES, render
from ivr.company.policy.rules import Policy
from tests.support.world import World

VALUES = re.compile(r"%\(\w+\)s")
#: Read by operations and owners, whose language is English.
ENGLISH_ONLY = {"alarm", "calls_limit", "caller_message", "last_week", "silence"}
#: What all of the kinds together are filled with.
VALUES_OF_ALL = {
    "company": Policy(),
    "address": "https://line.test",
    "name": "Maria Lopez",
    "reference": "K7M3QX",
    "estimate": "K7M3QX-1",
    "place": "1 Main St",
    "base_cents": 350_00,
    "extra_hours": 2,
    "rate_cents": 150_00,
    "hours_cents": 300_00,
    "surcharge_cents": 0,
    "total_cents": 650_00,
    "cents": 650_00,
    "method": "card",
    "balance": "",
    "then": "",
    "page": "",
    "url": "https://line.test/pay/x",
    "link": "https://line.test/t/x",
    "days": 30,
    "minutes": 30,
    "what": "password",
    "detail": "",
    "at": "2026-11-23T09:00:00-08:00",
    "by": "Ruth",
    "until": "2026-12-14T23:59:00-08:00",
    "agreed_by": "",
    "starts_at": "2026-11-30T09:00:00-08:00",
    "ends_at": "2026-11-30T11:00:00-08:00",
    "left_at": "2026-11-23T18:00:00-08:00",
    "number": "+14155552671",
    "issue": "",
    "transcript": "",
    "is_recorded": False,
    "why": "You asked us to cancel it.",
    "cause": "unpaid",
    "words": "",
    "money": "",
    "window": "hour",
    "week": "Mon, Nov 16 to Sun, Nov 22, 2026",
    "week_before": "Mon, Nov 9 to Sun, Nov 15, 2026",
    "figures": [["Called", "331 (up 91% from 173)"], ["Paid", "$61,550 (up 102% from $30,425)"]],
    "report": "/reports?from=2026-11-16&to=2026-11-22",
    "made": 48,
    "most": 60,
}


def kinds() -> set[str]:
    return {file.stem for file in TEMPLATES.iterdir() if not file.name.startswith("_")}


def sentences() -> set[str]:
    environment = Environment(extensions=[InternationalizationExtension], autoescape=True)
    found = set()
    for file in TEMPLATES.iterdir():
        tree = environment.parse(file.read_text(encoding="utf-8"))
        for _, function, words in extract_from_ast(tree):
            given = words if isinstance(words, tuple) else (words,)
            found |= {str(one) for one in given[: 2 if function == "ngettext" else 1]}
    return found


def spanish() -> dict[str, str]:
    with (LOCALE / "es.po").open("rb") as file:
        return {
            str(words): str(translated)
            for message in read_po(file)
            if message.id
            for words, translated in zip(each(message.id), each(message.string), strict=True)
        }


def each(words: str | Sequence[str] | None) -> Sequence[str]:
    """The one and the several of a sentence that counts something."""
    return (words,) if isinstance(words, str) else words or ()


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_a_letter_has_a_subject_a_text_and_a_page(kind: str) -> None:
    for part in ("subject", "txt", "html"):
        text = (TEMPLATES / f"{kind}.{part}").read_text(encoding="utf-8")
        assert text.strip()
        assert ("_(" in text) != (kind in ENGLISH_ONLY)


def test_every_sentence_has_spanish_words_and_none_is_left_over() -> None:
    assert len(sentences()) > 3
    assert set(spanish()) == sentences()
    for words, translated in spanish().items():
        assert translated
        assert sorted(VALUES.findall(translated)) == sorted(VALUES.findall(words))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Save our number, so that your phone lets our calls through"),
        ("es", "Guarde nuestro número para que su teléfono deje pasar nuestras llamadas"),
    ],
)
def test_every_letter_to_somebody_whom_we_ring_links_to_our_contact_card(
    world: World, language: str, words: str
) -> None:
    for kind in kinds() - ENGLISH_ONLY:
        with world.database.reading():
            letter = render(kind, language, VALUES_OF_ALL)
        assert f"{words}:\nhttps://line.test/contact.vcf\n" in letter.text, kind
        assert re.search(f'<a href="https://line.test/contact.vcf"[^>]*>{words}</a>', letter.html), kind
