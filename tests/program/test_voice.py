"""What people read and hear is in the words of docs/voice.md, in both languages."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest

from tests.program.shown import Text, of_javascript, of_python, of_template, texts
from tests.support.paths import ROOT

VOICE = ROOT / "docs" / "voice.md"
CODE = re.compile(r"`([^`]+)`")
QUOTED = re.compile(r'"([^"]+)"')


@dataclass(frozen=True)
class Rule:
    """One row: words that are not said, the files where, and the files and phrases that may."""

    say: str
    found: re.Pattern[str]
    where: tuple[str, ...]
    but_files: tuple[str, ...]
    but_phrases: tuple[str, ...]

    def broken_by(self, text: Text) -> bool:
        if (self.where and not text.file.startswith(self.where)) or text.file.startswith(self.but_files):
            return False
        words = " ".join(text.words.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
        for phrase in self.but_phrases:
            words = words.replace(phrase, "")
        return self.found.search(words) is not None


def rules(page: str) -> Iterator[Rule]:
    """Yield the rows of the tables."""
    for line in page.splitlines():
        if line.startswith("| ") and not line.startswith("| say "):
            say, never, _why, where, unless = [cell.strip() for cell in line.strip("|").split("|")]
            forms = "|".join(re.escape(form.lower()).replace(r"\*", r"\w*") for form in CODE.findall(never))
            yield Rule(
                say,
                re.compile(rf"(?<![\w-])(?:{forms})(?![\w-])"),
                tuple(CODE.findall(where)),
                tuple(CODE.findall(unless)),
                tuple(phrase.lower() for phrase in QUOTED.findall(unless)),
            )


def broken(held: Iterable[Rule], shown: Iterable[Text]) -> list[str]:
    held = list(held)
    return [
        f"{text.file}:{text.line}: say “{rule.say}”: {text.words}"
        for text in shown
        for rule in held
        if rule.broken_by(text)
    ]


@pytest.fixture(scope="module")
def held() -> list[Rule]:
    return list(rules(VOICE.read_text(encoding="utf-8")))


def test_nobody_reads_or_hears_a_word_that_the_list_refuses(held: list[Rule]) -> None:
    shown = list(texts())

    assert len(held) > 40
    assert len(shown) > 4000
    assert broken(held, shown) == []


def test_each_row_finds_what_it_refuses(held: list[Rule]) -> None:
    """Its own words, as somebody would write them into a file of its own."""
    for rule in held:
        word = rule.found.pattern.split("(?:")[1].split("|")[0].split(")(?!")[0]
        text = Text(f"{(rule.where or ('ivr/web',))[0]}/new.html", 1, re.sub(r"\\w\*|\\", "", word))
        assert rule.broken_by(text), rule.say


@pytest.mark.parametrize(
    "shown",
    [
        of_template("ivr/web/a.html", "<p>\n{% if a %}You are <b>rung</b> now.{% endif %}</p>"),
        of_template("ivr/web/a.html", '\n<a title="Rung by {{ who }}">x</a>'),
        of_template("ivr/web/a.html", '<p>\n{{ "They are rung" if a else "" }}</p>'),
        of_template("ivr/company/mail/a.txt", '\n{{ _("You are rung at %(at)s.", at=at) }}'),
        of_python("ivr/a.py", 'def a():\n    raise Refusal("They were rung.")'),
        of_python("ivr/a.py", 'def a(x):\n    return f"{x} was rung"'),
        of_javascript("ivr/a.js", "// rung\nsay('You are rung.')"),
    ],
)
def test_words_are_found_wherever_they_are_shown(held: list[Rule], shown: Iterator[Text]) -> None:
    (one,) = broken(held, shown)

    assert ":2: say “call, called”" in one


def test_names_comments_and_the_log_are_not_meant(held: list[Rule]) -> None:
    code = '"""Who is rung."""\nlog.info("%s is rung", a)  # rung\nb = "is_rung"'

    assert broken(held, of_python("ivr/a.py", code)) == []
    assert broken(held, of_template("ivr/web/a.html", '{# rung #}<p class="rung">a</p>')) == []
    assert broken(held, of_javascript("ivr/a.js", "/* who is rung */ a.rung = 1")) == []
