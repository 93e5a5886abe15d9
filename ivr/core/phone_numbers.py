"""Telephone numbers: how they are read from whatever people type, paste, key or say, written and spoken. Pure.

``read`` is the one parser. The file is long because it says for each number that it refuses what is wrong with it.

Two columns keep a number: E.164, and the digits of its extension. As one text it is RFC 3966 without its scheme:
``+14155552671;ext=12``.
"""

import re
import unicodedata
from typing import Final, NamedTuple
from urllib.parse import unquote

import phonenumbers

from ivr.core.errors import Refusal
from ivr.core.spoken_digits import in_digits

LONGEST_EXTENSION: Final = 10
#: Letters of a number as typed at most, with its extension and what people write around it.
LONGEST: Final = 80
#: Words and digit forms that carriers send in place of a number: anonymous, restricted, unknown, unavailable.
_NOT_NUMBERS: Final = frozenset({"266696687", "7378742833", "8656696", "86282452253", "464", "2562533"})
_LABELS: Final = (
    "telephone|phone|tel|ph|mobile|mob|cellular|cell|office|work|home|main|direct|fax|whatsapp|callto|call|"
    "number|no|telefono|celular|cel|movil|trabajo|casa|oficina|numero"
)
_LABEL_BEFORE: Final = re.compile(rf"^\W*(?:(?:{_LABELS})(?![a-z])[ .:=-]*)+", re.IGNORECASE)
_LABEL_AFTER: Final = re.compile(rf"[ (,-]+(?:{_LABELS})\.?\)?$", re.IGNORECASE)
_EXTENSION: Final = re.compile(
    r"[ (,;-]*(?:;ext=|(?<![a-z])(?:extension|extn|ext|xtn|x|anexo|interno|int)(?![a-z])[ .:=#]*|#|[,;pw]+)"
    r"[ ]*(?P<digits>[0-9][0-9 -]*)#?\)?$",
    re.IGNORECASE,
)
_TWO: Final = re.compile(
    r"[0-9]{3} ?-? ?[0-9]{4} *(?:[/;,&|]|or|and|o|y)+ *\+?(?:[^0-9A-Z]*[0-9]){7}", re.IGNORECASE
)
#: A word in the place of digits: 1-800-FLOWERS. What is longer than a number is dialed and does no harm.
_VANITY: Final = re.compile(r"(?P<head>\+?1?[2-9][0-9]{2})(?P<word>(?=[0-9]{0,4}[A-Z]{3})[0-9A-Z]{7,12})")
_KEY_OF: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")

_HOW: Final = "Enter it as (415) 555-2671, or with + and the country code."


class BadNumberError(Refusal):
    message = f"That isn't a phone number. {_HOW}"


class PhoneNumber(NamedTuple):
    """``number`` is E.164; ``extension`` is digits, or None."""

    number: str
    extension: str | None = None

    def __str__(self) -> str:
        """Return both in one text, as RFC 3966 has it."""
        return f"{self.number};ext={self.extension}" if self.extension else self.number


def read(typed: str) -> PhoneNumber:
    """Return the number that somebody has typed or pasted. Raises BadNumberError, which says what is wrong with it.

    >>> read("Tel. (415) 555\N{EN DASH}2671 ext. 12"), read("011 44 (0)20 7946 0958").number
    (PhoneNumber(number='+14155552671', extension='12'), '+442079460958')
    """
    text = plain(typed[: 5 * LONGEST])
    if len(text) > LONGEST:
        raise BadNumberError("That's too long for one phone number.")
    text = _without_label(_without_scheme(text))
    if _TWO.search(text):
        raise BadNumberError("That's two phone numbers. Keep one of them.")
    found = _EXTENSION.search(text)
    extension = re.sub("[ -]", "", found["digits"]) if found else None
    if extension and len(extension) > LONGEST_EXTENSION:
        raise BadNumberError(f"The extension has more than {LONGEST_EXTENSION} digits.")
    return PhoneNumber(_number(text[: found.start()] if found else text), extension)


def direct(typed: str) -> str:
    """Return a number that is rung without an extension, E.164. Raises BadNumberError."""
    number, extension = read(typed)
    if extension is not None:
        raise BadNumberError("A number with an extension won't work here. Give a number without one.")
    return number


def plain(typed: str) -> str:
    """Return the text with dashes and spaces of one kind, digits of one script, and no hidden marks or accents."""
    return " ".join("".join(map(_plain_character, unicodedata.normalize("NFKC", typed))).split())


def from_caller(*, keyed: str, spoken: str) -> PhoneNumber:
    """Return the North American number that a caller has keyed, or else said. Raises BadNumberError.

    A number abroad is not taken from a telephone: nobody there would see what it costs to ring.
    """
    found = read(keyed.strip("*#")) if keyed else read(in_digits(spoken))
    if not found.number.startswith("+1"):
        raise BadNumberError("A number from another country can't be given by phone.")
    return found


def lacks_last_digit(keyed: str) -> bool:
    """Return whether these ten keys are a number with the leading one, all but its last digit.

    >>> lacks_last_digit("1415555267"), lacks_last_digit("4155552671")
    (True, False)
    """
    return re.fullmatch(r"1[2-9]\d{2}[2-9]\d{5}", keyed, re.ASCII) is not None


def e164(raw: str | None) -> str | None:
    """Return a caller ID as an E.164 number; None for anonymous, restricted, malformed and SIP callers.

    >>> e164("+14155552671"), e164("Anonymous"), e164("+266696687"), e164("sip:bob@example.com")
    ('+14155552671', None, None, None)
    """
    if not raw or not re.fullmatch(r"\+?[0-9 ().-]{8,24}", raw.strip(), re.ASCII):
        return None
    try:
        return read(raw).number
    except BadNumberError:
        return None


def joined(number: str | None, extension: str | None) -> str | None:
    """Return a number and its extension as one text; None for no number.

    >>> joined("+14155552671", "12"), joined("+14155552671", None)
    ('+14155552671;ext=12', '+14155552671')
    """
    return str(PhoneNumber(number, extension)) if number else None


def split(text: str | None) -> tuple[str | None, str | None]:
    """Return the number and the extension of a text that ``joined`` has made."""
    number, _, extension = (text or "").partition(";ext=")
    return number or None, extension or None


def spoken_number(number: str) -> str:
    """Return a number as it is read out, digit by digit in groups of 3-3-4: ``4 1 5, 5 5 5, 2 6 7 1``."""
    digits = number.removeprefix("+1") if len(number) == 12 else number.removeprefix("+")
    groups = (digits[:3], digits[3:6], digits[6:]) if len(digits) == 10 else (digits,)
    return ", ".join(" ".join(group) for group in groups)


def shown_number(text: str | None, extension: str | None = None) -> str:
    """Return a number as people write it, its extension beside it or in the text; empty for none.

    >>> shown_number("+14155552671"), shown_number("+14155552671;ext=12")
    ('(415) 555-2671', '(415) 555-2671 ext. 12')
    """
    number, in_text = split(text)
    if number is None:
        return ""
    ten = number.removeprefix("+1")
    shown = f"({ten[:3]}) {ten[3:6]}-{ten[6:]}" if number.startswith("+1") and len(ten) == 10 else number
    extension = extension or in_text
    return f"{shown} ext. {extension}" if extension else shown


def _plain_character(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character == "\N{MINUS SIGN}":
        return "-"
    match unicodedata.category(character):
        case "Pd":
            return "-"
        case "Zs" | "Zl" | "Zp" | "Cc" | "So" | "Sk":  # the pictures of a telephone are So
            return " "
        case "Cf" | "Mn" | "Me" | "Cs" | "Co" | "Cn":
            return ""
    return unicodedata.normalize("NFD", character)[0]  # teléfono


def _without_label(text: str) -> str:
    """Return the text without "Cell:" before it, and without "(mobile)" after a number that is whole without it."""
    text = _LABEL_BEFORE.sub("", text)
    bare = _LABEL_AFTER.sub("", text)
    return bare if len(re.findall("[0-9]", bare)) >= 10 else text


def _without_scheme(text: str) -> str:
    """Return the number of a tel: address (RFC 3966), without those of its parameters that say nothing here."""
    scheme, colon, rest = text.partition(":")
    if not colon or scheme.lower() not in {"tel", "callto", "sms", "facetime"}:
        return text
    number, *parameters = unquote(rest).lstrip("/").split(";")
    values = dict(one.lower().partition("=")[::2] for one in parameters)
    context = values.get("phone-context", "")
    number = f"{context}{number}" if re.fullmatch(r"\+[0-9]+", context) and "+" not in number else number
    return f"{number};ext={values['ext']}" if values.get("ext") else number


def _wrong(why: str) -> BadNumberError:
    return BadNumberError(f"That isn't a phone number. {why}")


def _number(text: str) -> str:
    """Return the E.164 number of a plain text without an extension. Raises BadNumberError."""
    text = re.sub(r"(?<=[0-9)]) *\(0\)", " ", text)  # +44 (0)20
    compact = re.sub(r"[ ()\[\]./\\_*·•‧∙|,;:'\"-]", "", text)
    vanity = _VANITY.fullmatch(compact.upper())
    if vanity:
        compact = vanity["head"] + vanity["word"].translate(_KEY_OF)[:7]
    if not compact:
        raise _wrong(f"There is no digit in it. {_HOW}")
    if not re.fullmatch(r"\+?[0-9]+", compact):
        raise _wrong(_with_strange_characters(text))
    if compact.lstrip("+1") in _NOT_NUMBERS or compact.lstrip("+") in _NOT_NUMBERS:
        raise _wrong("A call without caller ID can't be called back.")
    abroad = re.fullmatch(r"(?:\+(?:00|011)?|00|011)([1-9][0-9]*)", compact)
    if abroad and not abroad[1].startswith("1"):
        return _abroad(abroad[1])
    return _north_american(abroad[1] if abroad else compact)


def _with_strange_characters(text: str) -> str:
    strange = re.findall(r"[^0-9+ ().-]+", text)
    if not strange:
        return "The + stands only at the beginning, before the country code."
    part = f"\N{LEFT DOUBLE QUOTATION MARK}{strange[0][:20]}\N{RIGHT DOUBLE QUOTATION MARK}"
    return f"{part} isn't part of a phone number. {_HOW}"


def _abroad(digits: str) -> str:
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException as fault:
        if fault.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            raise _wrong(f"No country code begins with +{digits[:3]}.") from fault
        raise _wrong(f"Too {'short' if len(digits) < 8 else 'long'} for a phone number.") from fault
    code = number.country_code
    match phonenumbers.is_possible_number_with_reason(number):
        case phonenumbers.ValidationResult.IS_POSSIBLE:
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        case phonenumbers.ValidationResult.TOO_LONG:
            raise _wrong(f"Too long for a number in the country +{code}.")
        case phonenumbers.ValidationResult.TOO_SHORT | phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            hint = " Begin with +1 if it is in North America." if len(digits) == 10 else ""
            raise _wrong(f"Too short for a number in the country +{code}.{hint}")
    raise _wrong(f"Numbers in the country +{code} do not have this many digits.")


def _north_american(digits: str) -> str:
    """Return ten digits, or eleven with the leading one, as E.164. Raises BadNumberError.

    Area codes and the three digits after them begin with 2 to 9; those that are kept for later or for services such
    as 911 are no area codes (NANPA). Whether the number rings, only ringing it shows.
    """
    ten = digits.removeprefix("1")
    if digits.startswith("0"):
        raise _wrong("It begins with 0. Enter a number from another country with + and its country code.")
    if len(ten) == 7:
        raise _wrong("The area code is missing. Enter all ten digits, for example (415) 555-2671.")
    if len(digits) == 10 and len(ten) == 9:
        raise _wrong("It begins with 1 and has ten digits: one digit is missing, or the area code is wrong.")
    if len(ten) < 10:
        raise _wrong(f"Too short: a number has ten digits, and this one has {len(ten)}.")
    if len(ten) > 10:
        raise _wrong(
            f"Too long: a number has ten digits, and this one has {len(ten)}. "
            "If it is from another country, begin with +."
        )
    if not re.fullmatch(r"[2-9](?!11|9)\d\d", ten[:3]) or ten[:2] in {"37", "96"}:
        raise _wrong(f"There is no area code {ten[:3]}.")
    if ten[3] in "01":
        raise _wrong(f"No number begins with {ten[3:6]} after its area code.")
    return f"+1{ten}"
