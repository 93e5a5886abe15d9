"""Every kind of letter has its three parts, and every sentence of it its Spanish."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import InternationalizationExtension, extract_from_ast

from ivr.company.mail.rendering import LOCALE, TEMPLATES, render
from tests.services.mail.kinds import ENGLISH_ONLY, VALUES, cases, kinds
from tests.support.world import World

NAMED = re.compile(r"%\(\w+\)s")
LINK = re.compile(r"https?://\S+")


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
        assert sorted(NAMED.findall(translated)) == sorted(NAMED.findall(words))


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
            letter = render(kind, language, VALUES)
        assert f"{words}:\nhttps://line.test/contact.vcf\n" in letter.text, kind
        assert re.search(f'<a href="https://line.test/contact.vcf"[^>]*>{words}</a>', letter.html), kind


class Read(HTMLParser):
    """The words and links of the letter itself: without frame, heading and the help at the button."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: set[str] = set()
        self.inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag if tag in {"main", "h1"} else self.inside
        if self.inside == "main":
            self.links |= {value or "" for name, value in attrs if name == "href"}

    def handle_endtag(self, tag: str) -> None:
        self.inside = {"h1": "main", "main": ""}.get(tag, self.inside)

    def handle_data(self, data: str) -> None:
        if self.inside == "main" and data.strip() and not data.startswith(("If the button", "Si el botón")):
            self.words.append(flat(data))


def flat(words: str) -> str:
    return " ".join(words.split())


@pytest.mark.parametrize("language", ["en", "es"])
def test_both_forms_of_a_letter_say_the_same(world: World, language: str) -> None:
    for name, (kind, values) in cases().items():
        with world.database.reading():
            letter = render(kind, language, values)
        html, text = Read(letter.html), letter.text.partition("\n-- \n")[0]
        assert len(html.words) > 2, name
        assert [one for one in html.words if one not in flat(text)] == [], name
        assert html.links == set(LINK.findall(text)), name
        lines = [line.removeprefix("- ").rstrip(":") for line in LINK.sub("", text).splitlines()]
        parts = {flat(part) for line in lines for part in line.split(": ")}
        assert [one for one in parts if one not in " ".join(html.words)] == [], name
