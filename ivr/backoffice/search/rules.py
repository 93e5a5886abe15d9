r"""Turns typed text into search terms, writes them for each database, and finds them in a text. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ivr.core import phone_numbers

#: Longer than any name or address that people type; the rest is ignored.
LONGEST: Final = 100
_MOST_TERMS: Final = 8
_LONGEST_TERM: Final = 60

#: The lengths of beginnings that SQLite's index keeps: there it finds the latest rows at once, elsewhere it reads all.
KEPT_BEGINNINGS: Final = (3, 4, 6)

#: What separates words: ASCII and Latin-1 marks, punctuation, arrows and signs. Written so that Python's
#: and PostgreSQL's regular expressions read it alike, whatever the database's locale.
SEPARATORS: Final = (
    r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7"
    r"\u2000-\u2bff\u3000-\u3003\u3008-\u3020\ufe00-\ufe0f]"
)
#: In place of an apostrophe inside a word; a private character, which nobody types.
_JOINS: Final = "\ue000"
_WORD: Final = re.compile(SEPARATORS.replace("[", "[^\\u0000\\ud800-\\udfff", 1) + "+")
_ACCENTS: Final = re.compile("[\u0300-\u036f]+")
#: What people and their keyboards write for an apostrophe: O'Neil, O\u2019Neil, O\u00b4Neil.
APOSTROPHES: Final = "'\u2019\u2018\u02bc\u02bb\u2032\u00b4`\uff07"
#: Letters that are no accented ones to Unicode, and what people type who do not have them.
LETTERS: Final = {
    "\u00f8": "o",
    "\u00d8": "o",
    "\u0142": "l",
    "\u0141": "l",
    "\u0111": "d",
    "\u0110": "d",
    "\u0131": "i",
    "\u00df": "ss",
    "\u00e6": "ae",
    "\u00c6": "ae",
    "\u0153": "oe",
    "\u0152": "oe",
}
_TYPED: Final = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | LETTERS)
_APOSTROPHE: Final = re.compile(f"(?<=[^\\W\\d_])[{APOSTROPHES}](?=[^\\W\\d_])")
_GAP: Final = "[ ().-]{0,3}"
#: Digits as people group them: (415) 555-2671, 1-415-555-2671, 555.2671, +44 20 7946 0958.
_NUMBER: Final = re.compile(
    rf"(?<!\w)(?:\+?1{_GAP})?\(?[0-9]{{3}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}(?!\w)"
    rf"|(?<!\w)\+[0-9](?:{_GAP}[0-9]){{6,14}}(?!\w)"
    rf"|(?<!\w)[0-9]{{3}}{_GAP}[0-9]{{4}}(?!\w)"
)
_PLAIN: Final = re.compile("[a-z0-9]+")
_MARKED: Final = re.compile(
    rf"(?P<number>{_NUMBER.pattern})|(?:[^\W_{APOSTROPHES}]{_ACCENTS.pattern[:-1]}*|{_APOSTROPHE.pattern})+"
)


@dataclass(frozen=True)
class Term:
    """One word in lower case without accents. With ``is_beginning`` it matches every word that starts with it.

    A word with an apostrophe is written without it; ``parts`` are then what stands before and after, and both match.
    """

    text: str
    is_beginning: bool
    parts: tuple["Term", ...] = ()


def terms(typed: str) -> tuple[Term, ...]:
    """Return the terms, all of which must match; empty when the text has none.

    Seven digits or more, however grouped, are one number. One or two digits are a house number and match whole words
    only, as a single letter does: half of all words begin with it.

    >>> [term.text for term in terms("Díaz (415) 555-2671 O'Neil")]
    ['diaz', '4155552671', 'oneil']
    """
    text = _with_plain_number(typed[:LONGEST].replace(_JOINS, " "))
    folded = _NUMBER.sub(lambda found: f" {_digits(found[0])} ", _folded(text))
    words = dict.fromkeys(_WORD.findall(_APOSTROPHE.sub(_JOINS, folded)))
    return tuple(_term(word) for word in list(words)[:_MOST_TERMS])


def _with_plain_number(typed: str) -> str:
    """Return the text with its dashes and spaces plain; one that is a telephone number and no more, as that number.

    A number is kept from words: "415 Mission" is an address, though its letters are on the keys.
    """
    text = phone_numbers.plain(typed)
    if _NUMBER.fullmatch(text):
        return text
    try:
        number = phone_numbers.read(text).number.lstrip("+1")
    except phone_numbers.BadNumberError:
        return text
    return number if number in _digits(text) else text


def unkept_beginnings(wanted: Sequence[Term]) -> set[str]:
    """Return the beginnings of words that SQLite's index does not keep; those of plain letters and digits alone."""
    every = [part for term in wanted for part in (term, *term.parts)]
    begun = {term.text for term in every if term.is_beginning and _PLAIN.fullmatch(term.text)}
    return {text for text in begun if len(text) not in KEPT_BEGINNINGS}


def as_fts5(wanted: Sequence[Term], spelled: Mapping[str, Sequence[str]] | None = None) -> str:
    """Return the terms as an FTS5 query. Quotes keep any term from being an operator; no term has a quotation mark.

    ``spelled`` has, for a beginning, what is asked for in its place: all such words, cut at a length that is kept.
    """

    def one(term: Term) -> str:
        if words := (spelled or {}).get(term.text) if term.is_beginning else None:
            asked = (f'"{word}"{"*" if len(word) in KEPT_BEGINNINGS else ""}' for word in words)
            return f"({' OR '.join(asked)})"
        return f'"{term.text}"{"*" if term.is_beginning else ""}'

    return " AND ".join(_either(term, one, " AND ", " OR ") for term in wanted)


def as_tsquery(wanted: Sequence[Term]) -> str:
    """Return the terms as a tsquery, quoted likewise; no term has an apostrophe or a backslash."""

    def one(term: Term) -> str:
        return f"'{term.text}'{':*' if term.is_beginning else ''}"

    return " & ".join(_either(term, one, " & ", " | ") for term in wanted)


def marked(text: str, wanted: Sequence[Term]) -> list[tuple[str, bool]]:
    """Return the text in pieces, each with whether it matched. Joined they are the text again, unescaped.

    >>> marked("Rosa Díaz", terms("diaz"))
    [('Rosa ', False), ('Díaz', True)]
    """
    pieces, done = [], 0
    for start, end in _places(text, wanted):
        pieces += [(text[done:start], False), (text[start:end], True)]
        done = end
    return [(piece, is_found) for piece, is_found in [*pieces, (text[done:], False)] if piece]


def excerpt(text: str, wanted: Sequence[Term], width: int = 160) -> str:
    """Return about ``width`` characters of a long text around the first match."""
    first = next(_places(text, wanted), (0, 0))[0]
    start = max(0, min(first - width // 3, len(text) - width))
    cut = text[start : start + width]
    return f"{'… ' if start else ''}{cut.strip()}{' …' if start + width < len(text) else ''}"


def _places(text: str, wanted: Sequence[Term]) -> Iterator[tuple[int, int]]:
    for found in _MARKED.finditer(text):
        word = _digits(found[0]) if found["number"] else _folded(found[0])
        if any(_fits(term, word, is_number=bool(found["number"])) for term in wanted):
            yield found.span()


def _term(word: str) -> Term:
    parts = [part for part in word.split(_JOINS) if part]
    return Term(
        "".join(parts)[:_LONGEST_TERM],
        not re.fullmatch("[0-9]{1,2}|.", word),
        tuple(_term(part) for part in parts) if len(parts) > 1 else (),
    )


def _either(term: Term, one: Callable[[Term], str], both: str, either: str) -> str:
    if not term.parts:
        return one(term)
    return f"({one(term)}{either}({both.join(map(one, term.parts))}))"


def _fits(term: Term, word: str, *, is_number: bool) -> bool:
    if is_number:
        return len(term.text) >= 3 and term.text.removeprefix("1" if len(term.text) == 11 else "") in word
    words = {word.replace("'", ""), *word.split("'")}
    return any(_begins(one, found) for one in (term, *term.parts) for found in words)


def _begins(term: Term, word: str) -> bool:
    return word.startswith(term.text) if term.is_beginning else word == term.text


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))
    return plain.translate(_TYPED).lower()


def _digits(text: str) -> str:
    return re.sub("[^0-9]", "", text)
