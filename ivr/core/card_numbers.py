"""Card numbers in what people say, type and key: found, and cut down to their last four digits. Pure.

No part of the service needs one: customers pay at the payment provider's page. So none is stored, whoever said it.

A card number has 13 to 19 digits, begins as an issuer's does, and its check digit is right (ISO/IEC 7812, Luhn).
A telephone number is none: what begins with ``+`` and has up to 15 digits (E.164), or is grouped 3-3-4 as in North
America. What is found is taken from the groups as they were written, because an expiry date or another number often
stands beside the card's.
"""

import re
from itertools import accumulate
from typing import Final

from ivr.core.spoken_digits import Piece, digit_runs

_FEWEST: Final = 13
_MOST: Final = 19
_LENGTHS: Final = range(_MOST, _FEWEST - 1, -1)
#: More digits than this without a gap were typed by nobody who meant a card.
_WITHOUT_GAP: Final = 40
#: Digits of an E.164 number at most.
_LONGEST_TELEPHONE: Final = 15
#: A name that the network has given: in 32 hexadecimal digits there may be a card number by chance.
_SID: Final = re.compile("[A-Z]{2}[0-9a-f]{32}")
#: How the numbers of each issuer begin, and how long they are. Source: the issuers' published ranges.
_ISSUED: Final = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)\d+(?<=^\d{16})"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-5]|[689]\d)\d{11,16}"  # Diners Club
    r"|(?:6011|64[4-9]|65|62|81|82|60|508|353|352[89]|35[4-8]|220[0-4]|9792)\d+(?<=^\d{16})"  # Discover and others
    r"|(?:6011|64[4-9]|65|62)\d{13,17}"  # Discover, UnionPay
    r"|(?:5018|5020|5038|5[67]|58|6304|6703|6759|676[1-3]|6771)\d{9,15}"  # Maestro
)
_FIRST: Final = frozenset("2345689")
_DOUBLED: Final = {str(one): sum(divmod(2 * one, 10)) for one in range(10)}
#: A North American telephone number at the beginning of what was written, before its extension.
_TELEPHONE: Final = re.compile(r"\(?\d{3}[^\w+]{1,2}\d{3}[^\w+]{1,2}\d{4}(?!\d)|\d{10}(?!\d)")
#: What stands in place of a card number, and how it is known again.
_MARK: Final = "[card ending {}]"
_MARKED: Final = re.compile(r"\[card ending \d{4}\]")
#: A card's security code may be kept by nobody, not even masked.
_CODE: Final = re.compile(
    r"\b(cvv2?|cvc2?|cid|security code|c[oó]digo de seguridad)\b(\W{0,3}(?:is|es|:)?\W{0,3})\d{3,4}\b",
    re.IGNORECASE,
)


def masked(text: str) -> str:
    """Return the text with each card number cut down to its last four digits; any other text stays as it is.

    >>> masked("It is 4111 1111 1111 1111, thanks"), masked("Ring +44 20 7946 0958")
    ('It is [card ending 1111], thanks', 'Ring +44 20 7946 0958')
    >>> masked("four one one one, one one one one, eleven eleven, eleven eleven")
    '[card ending 1111]'
    """
    if len(text) < _FEWEST or _SID.fullmatch(text):
        return text
    found = [one for run in digit_runs(text) for one in _cards(text, run)]
    if not found:
        return text
    for start, end, last in reversed(found):
        text = text[:start] + _MARK.format(last) + text[end:]
    return _CODE.sub(r"\1\2***", text)


def has_mark(text: str) -> bool:
    """Whether a card number was cut down in this text.

    >>> has_mark("It is [card ending 1111]."), has_mark("a card ending in 1111")
    (True, False)
    """
    return _MARKED.search(text) is not None


def _cards(text: str, run: list[Piece]) -> list[tuple[int, int, str]]:
    """Return the places of the cards in a run of digits, and their last four digits; of several the longest."""
    digits = "".join(one.digits for one in run)
    ends = {total: place for place, total in enumerate(accumulate(len(one.digits) for one in run), 1)}
    found: list[tuple[int, int, str]] = []
    place = begins = 0
    while len(digits) - begins >= _FEWEST:
        length = next((one for one in _LENGTHS if begins + one in ends and _is_card(digits, begins, one)), 0)
        if length and not _is_telephone(text, run[place].start, length):
            last = digits[begins + length - 4 : begins + length]
            after = _with_date_and_code(run, ends[begins + length])
            found.append((run[place].start, run[after - 1].end, last))
        else:
            after = place + 1
            found.extend(_in_one_piece(run[place]))
        begins += sum(len(one.digits) for one in run[place:after])
        place = after
    return found


def _is_card(digits: str, begins: int, length: int) -> bool:
    number = digits[begins : begins + length]
    return digits[begins] in _FIRST and bool(_ISSUED.fullmatch(number)) and _is_checked(number)


def _is_telephone(text: str, start: int, length: int) -> bool:
    if length > _LONGEST_TELEPHONE:
        return False
    return text[:start].rstrip(" (").endswith("+") or bool(_TELEPHONE.match(text, start))


def _with_date_and_code(run: list[Piece], after: int) -> int:
    """Return where the short groups end that follow a card number: its expiry date and its security code."""
    while after < len(run) and len(run[after].digits) <= 4:
        after += 1
    return after


def _in_one_piece(piece: Piece) -> list[tuple[int, int, str]]:
    """Return a card number that was written without a gap before or behind it, such as with its date."""
    digits = piece.digits
    if not _MOST < len(digits) <= _WITHOUT_GAP:
        return []
    for length in _LENGTHS:
        for begins in range(len(digits) - length + 1):
            if length > _LONGEST_TELEPHONE and _is_card(digits, begins, length):
                return [(piece.start, piece.end, digits[begins + length - 4 : begins + length])]
    return []


def _is_checked(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (Luhn)."""
    return (sum(map(int, digits[-1::-2])) + sum(map(_DOUBLED.__getitem__, digits[-2::-2]))) % 10 == 0
