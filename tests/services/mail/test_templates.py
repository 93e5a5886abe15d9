"""Every kind of letter has its three parts, and every sentence of it its Spanish."""

import re
from collections.abc import Sequence

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import InternationalizationExtension, extract_from_ast

from ivr.company.mail.rendering import LOCALE, TEMPLATES, render
from tests.services.mail.kinds import ENGLISH_ONLY, VALUES_OF_ALL, kinds
from tests.support.world import World

VALUES = re.compile(r"%\(\w+\)s")


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
