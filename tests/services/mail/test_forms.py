"""The text of a letter says what its HTML says, and leads where it leads."""

import re
from html.parser import HTMLParser

import pytest

from ivr.company.mail.rendering import render
from tests.services.mail.kinds import ENGLISH_ONLY, cases
from tests.support.world import World

LINK = re.compile(r"https?://\S+")
#: What stands before a link says where it leads, in each form as it suits.
CAPTION = re.compile(r"^[^\n]*:\s+https?://\S+$", re.MULTILINE)


class Read(HTMLParser):
    """The words and links of the letter itself: without frame, heading, captions and the help at the button."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: set[str] = set()
        self.inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"main", "h1", "a"}:
            self.inside.append(tag)
        if tag == "a" and "main" in self.inside:
            self.links |= {value or "" for name, value in attrs if name == "href"}

    def handle_endtag(self, tag: str) -> None:
        if tag in {"main", "h1", "a"}:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if self.inside == ["main"] and data.strip() and not data.startswith(("If the button", "Si el botón")):
            self.words.append(flat(data))


def flat(words: str) -> str:
    return " ".join(words.split())


@pytest.mark.parametrize("language", ["en", "es"])
def test_both_forms_of_a_letter_say_the_same(world: World, language: str) -> None:
    for name, (kind, values) in cases().items():
        with world.database.reading():
            letter = render(kind, "en" if kind in ENGLISH_ONLY else language, values)
        html, text = Read(letter.html), letter.text.partition("\n-- \n")[0]
        assert html.words, name
        assert [one for one in html.words if one not in flat(text)] == [], name
        assert html.links == set(LINK.findall(text)), name
        lines = CAPTION.sub("", text).splitlines()
        parts = {flat(part) for line in lines for part in line.removeprefix("- ").rstrip(":").split(": ")}
        assert [one for one in parts if one not in " ".join(html.words)] == [], name
