"""Numbers in words, English and Spanish, written as digits: how a caller says a telephone or card number. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

_ONES: Final = {
    "zero": 0, "nought": 0, "naught": 0, "cero": 0,
    "one": 1, "uno": 1, "una": 1, "two": 2, "dos": 2, "three": 3, "tres": 3,
    "four": 4, "cuatro": 4, "five": 5, "cinco": 5, "six": 6, "seis": 6, "seven": 7, "siete": 7,
    "eight": 8, "ocho": 8, "nine": 9, "nueve": 9, "niner": 9,
}  # fmt: skip
#: What stands for a digit only beside another one: "oh", and words that sound alike.
_ONES_BESIDE_DIGITS: Final = {"oh": 0, "o": 0, "won": 1, "to": 2, "too": 2, "for": 4, "ate": 8}
_TEENS: Final = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "diez": 10, "once": 11, "doce": 12, "trece": 13,
    "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17, "dieciocho": 18, "diecinueve": 19,
    "veintiuno": 21, "veintiun": 21, "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25,
    "veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29,
}  # fmt: skip
_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80,
    "noventa": 90,
}  # fmt: skip
_HUNDREDS: Final = {
    "cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300, "cuatrocientos": 400, "quinientos": 500,
    "seiscientos": 600, "setecientos": 700, "ochocientos": 800, "novecientos": 900,
}  # fmt: skip
_TIMES: Final = {"hundred": "00", "thousand": "000", "mil": "000"}
_AGAIN: Final = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4, "doble": 2, "cuadruple": 4}
#: "Three zeros": the digit as often as the word before says.
_PLURALS: Final = {
    "zeros": 0, "zeroes": 0, "ceros": 0, "ones": 1, "unos": 1, "twos": 2, "threes": 3, "fours": 4, "cuatros": 4,
    "fives": 5, "cincos": 5, "sixes": 6, "sevens": 7, "sietes": 7, "eights": 8, "ochos": 8, "nines": 9, "nueves": 9,
}  # fmt: skip
_EXTENSION: Final = frozenset({"extension", "ext", "anexo", "interno"})
_PLUS: Final = frozenset({"plus", "mas"})
_WHOLE: Final = frozenset({*_ONES, *_TEENS, *_TENS, *_HUNDREDS})
#: What people say between the groups of one number.
_BETWEEN: Final = frozenset(
    {"and", "then", "uh", "um", "er", "dash", "hyphen", "space", "y", "e", "eh", "luego", "guion", "espacio"}
)
#: A word; or digits, also those that stand right behind letters ("Visa4111..."). What has letters behind its digits
#: is a code, such as a SID.
_TOKEN: Final = re.compile(r"\d+(?![^\W_])|[^\W\d_]+(?![^\W\d_])(?!\d+[^\W\d_])|[^\W_]+")
#: More than this between two digits, or one of these signs, and they are two numbers.
_FARTHEST: Final = 4
#: A piece is made of no more words than this, such as "cuarenta y uno mil".
_LONGEST_PIECE: Final = 8
_PARTING: Final = frozenset("+$@%=?&")


class Piece(NamedTuple):
    """Digits as they were written together, or the digits of one number in words: where, and which."""

    start: int
    end: int
    digits: str


def digit_runs(text: str) -> Iterator[list[Piece]]:
    """Return each run of digits in a text, written, said or mixed, in its pieces as they stand there.

    >>> [[one.digits for one in run] for run in digit_runs("It is four one, 11-22. Ring +1 415 555.")]
    [['4', '1', '11', '22'], ['1', '415', '555']]
    """
    run: list[tuple[int, int, str]] = []
    for found in _TOKEN.finditer(text):
        word = _folded(found[0])
        gap = text[run[-1][1] : found.start()] if run else ""
        if run and (len(gap) > _FARTHEST or _PARTING.intersection(gap) or not _belongs(word)):
            yield from _pieces(run)
            run = []
        if _is_number(word) or (run and _belongs(word)):
            run.append((found.start(), found.end(), word))
    yield from _pieces(run)


def _belongs(word: str) -> bool:
    return _is_number(word) or word in _BETWEEN or word in _ONES_BESIDE_DIGITS


def _pieces(run: list[tuple[int, int, str]]) -> Iterator[list[Piece]]:
    """Return the run without words that are no digits; nothing for a run of such words alone."""
    words = _with_words_that_sound_like_digits([word for _, _, word in run])
    found: list[Piece] = []
    place = 0
    while place < len(words):
        digits, used = _piece(words[place], words[place + 1 : place + _LONGEST_PIECE])
        if digits:
            found.append(Piece(run[place][0], run[place + used - 1][1], digits))
        place += used
    if found:
        yield found


def in_digits(said: str) -> str:
    """Return the digits that somebody has said, with ``+`` and ``ext.`` where those were said, and no other words.

    >>> in_digits("four one five, five five five, twenty six seventy one")
    '4155552671'
    >>> in_digits("es el ochocientos cinco cinco cinco, doble cero, veintiséis, extensión doce")
    '8005550026 ext. 12'
    """
    written: list[str] = []
    words = _words(said)
    place = 0
    while place < len(words):
        word, rest = words[place], words[place + 1 :]
        piece, used = _piece(word, rest)
        written.append(piece)
        place += used
    return "".join(written).strip()


def _words(said: str) -> list[str]:
    """Return the words in small letters without accents, those between digits that sound like one as that digit."""
    return _with_words_that_sound_like_digits(re.findall(r"[0-9]+|\+|[^\W\d_]+", _folded(said)))


def _folded(said: str) -> str:
    """Return small letters without accents, and digits of one script."""
    if said.isascii():
        return said.lower()
    folded = unicodedata.normalize("NFKD", said.casefold())
    letters = (one for one in folded if not unicodedata.combining(one))
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in letters)


def _with_words_that_sound_like_digits(words: list[str]) -> list[str]:
    """Return the words, those between digits that sound like one as that digit."""
    for place, word in enumerate(words):
        if word not in _ONES_BESIDE_DIGITS:
            continue
        before, after = words[place - 1 : place], words[place + 1 : place + 2]
        beside = [one for one in (*before, *after) if _is_number(one)]
        if len(beside) == 2 or (beside and word in {"oh", "o"}):
            words[place] = str(_ONES_BESIDE_DIGITS[word])
    return words


def _is_number(word: str) -> bool:
    return (
        word.isdecimal()
        or word in _WHOLE
        or word in _AGAIN
        or word in _TIMES
        or word in _PLURALS
        or word == "oh"
    )


def _piece(word: str, rest: list[str]) -> tuple[str, int]:
    """Return the digits that begin with this word, and how many words they are."""
    if word in _EXTENSION:
        return " ext. ", 1
    if word in _PLUS or word == "+":
        return "+", 1
    if word in _AGAIN and rest and (digit := _digit(rest[0])):
        return digit * _AGAIN[word], 2
    if word in _HUNDREDS:
        return _hundreds(_HUNDREDS[word], rest, 1)
    if word in _TENS:
        return _tens(word, rest)
    if word in _TEENS:
        return _times(str(_TEENS[word]), rest)
    if digit := _digit(word):
        if rest and rest[0] in _PLURALS and 2 <= int(digit) <= 4:
            return str(_PLURALS[rest[0]]) * int(digit), 2
        if rest and rest[0] == "hundred":
            return _hundreds(int(digit) * 100, rest[1:], 2)
        return _times(digit, rest)
    return "", 1


def _digit(word: str) -> str:
    return word if word.isdecimal() else str(_ONES[word]) if word in _ONES else ""


def _times(digits: str, rest: list[str]) -> tuple[str, int]:
    return (digits + _TIMES[rest[0]], 2) if rest and rest[0] in _TIMES else (digits, 1)


def _tens(word: str, rest: list[str]) -> tuple[str, int]:
    """Return "twenty six" as 26, "treinta y uno" as 31, "twenty" alone as 20."""
    gap = 1 if rest[:1] == ["y"] else 0
    if len(rest) > gap and 1 <= _ONES.get(rest[gap], 0) <= 9:
        digits, used = _times(str(_TENS[word] + _ONES[rest[gap]]), rest[gap + 1 :])
        return digits, used + 1 + gap
    return _times(str(_TENS[word]), rest)


def _hundreds(hundreds: int, rest: list[str], used: int) -> tuple[str, int]:
    """Return "four hundred fifteen" as 415. After eight and nine hundred comes the rest of a toll-free number."""
    if hundreds < 800 and rest and (rest[0] in _TENS or rest[0] in _TEENS):
        digits, more = _tens(rest[0], rest[1:]) if rest[0] in _TENS else (str(_TEENS[rest[0]]), 1)
        if len(digits) == 2:
            return str(hundreds + int(digits)), used + more
    return str(hundreds), used
