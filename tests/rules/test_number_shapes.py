"""Telephone numbers in the shapes in which people paste, type and say them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.core import phone_numbers
from ivr.core.phone_numbers import BadNumberError, PhoneNumber
from ivr.core.spoken_digits import in_digits

OFFICE = "+14155552671"


@pytest.mark.parametrize(
    "typed",
    [
        "4155552671",
        "415 555 2671",
        "415-555-2671",
        "(415) 555-2671",
        "(415)5552671",
        "[415] 555 2671",
        "415.555.2671",
        "415.555.2671.",
        "415/555-2671",
        "415_555_2671",
        "415 \N{BULLET} 555 \N{BULLET} 2671",
        "415\t555\n2671",
        "415\N{HYPHEN}555\N{HYPHEN}2671",
        "415\N{NON-BREAKING HYPHEN}555\N{NON-BREAKING HYPHEN}2671",
        "415\N{FIGURE DASH}555\N{FIGURE DASH}2671",
        "415\N{EN DASH}555\N{EN DASH}2671",
        "415\N{EM DASH}555\N{EM DASH}2671",
        "415\N{HORIZONTAL BAR}555\N{HORIZONTAL BAR}2671",
        "415\N{MINUS SIGN}555\N{MINUS SIGN}2671",
        "415\N{NO-BREAK SPACE}555\N{THIN SPACE}2671",
        "415\N{NARROW NO-BREAK SPACE}555\N{IDEOGRAPHIC SPACE}2671",
        "\N{LEFT-TO-RIGHT EMBEDDING}(415) 555-2671\N{POP DIRECTIONAL FORMATTING}",
        "\N{LEFT-TO-RIGHT ISOLATE}+1 415 555 2671\N{POP DIRECTIONAL ISOLATE}",
        "415\N{ZERO WIDTH SPACE}555\N{ZERO WIDTH JOINER}2671\N{ZERO WIDTH NO-BREAK SPACE}",
        "(415)\N{SOFT HYPHEN}555-2671",
        "\N{FULLWIDTH DIGIT FOUR}\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT FIVE}5552671",
        "\N{ARABIC-INDIC DIGIT FOUR}\N{ARABIC-INDIC DIGIT ONE}\N{ARABIC-INDIC DIGIT FIVE}5552671",
        "\N{FULLWIDTH PLUS SIGN}1 415 555 2671",
        "1-415-555-2671",
        "1 (415) 555-2671",
        "(1) 415 555 2671",
        "(+1) 415 555 2671",
        "+1 (415) 555-2671",
        "+ 1 415 555 2671",
        "+14155552671",
        "14155552671",
        "011-1-415-555-2671",
        "001 415 555 2671",
        "tel:+1-415-555-2671",
        "tel:+14155552671;isub=1",
        "tel:5552671;phone-context=+1415",
        "tel:%2B14155552671",
        "TEL:4155552671",
        "callto:+14155552671",
        "Tel. 415 555 2671",
        "Phone: 415-555-2671",
        "teléfono: 415 555 2671",
        "Cell 415-555-2671",
        "415-555-2671 (mobile)",
        "\N{TELEPHONE RECEIVER} 415-555-2671",
        "\N{BLACK TELEPHONE}\N{VARIATION SELECTOR-16} 415 555 2671",
    ],
)
def test_a_number_is_understood_in_every_shape(typed: str) -> None:
    assert phone_numbers.read(typed) == PhoneNumber(OFFICE)


@pytest.mark.parametrize(
    ("typed", "extension"),
    [
        ("415-555-2671 x12", "12"),
        ("4155552671x12", "12"),
        ("415 555 2671 ext. 12", "12"),
        ("415-555-2671 Ext 012", "012"),
        ("415-555-2671, ext: 12", "12"),
        ("415-555-2671 extension 12", "12"),
        ("415-555-2671 extensión 12", "12"),
        ("415-555-2671 anexo 12", "12"),
        ("(415) 555-2671 (ext 12)", "12"),
        ("415-555-2671 #12", "12"),
        ("415-555-2671,12", "12"),
        ("415-555-2671,,12#", "12"),
        ("415-555-2671;12", "12"),
        ("415-555-2671p12", "12"),
        ("tel:+1-415-555-2671;ext=12", "12"),
        ("415\N{EN DASH}555\N{EN DASH}2671\N{NO-BREAK SPACE}x\N{NO-BREAK SPACE}12", "12"),
    ],
)
def test_an_extension_has_a_place_of_its_own(typed: str, extension: str) -> None:
    found = phone_numbers.read(typed)

    assert found == (OFFICE, extension)
    assert phone_numbers.read(str(found)) == found
    assert phone_numbers.read(phone_numbers.shown_number(str(found))) == found


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1-800-FLOWERS", "+18003569377"),
        ("1 800 GO FEDEX", "+18004633339"),
        ("1-800-MATTRESS", "+18006288737"),
        ("415-555-CALL", "+14155552255"),
        ("+44 20 7946 0958", "+442079460958"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("(+44) 20 7946 0958", "+442079460958"),
        ("011 44 20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("+52 55 1234 5678", "+525512345678"),
        ("+39 06 698 12345", "+390669812345"),
    ],
)
def test_words_on_the_keys_and_numbers_abroad_are_understood(typed: str, number: str) -> None:
    assert phone_numbers.read(typed) == PhoneNumber(number)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "There is no digit in it."),
        ("5552671", "The area code is missing."),
        ("415555267", "this one has 9"),
        ("911", "this one has 3"),
        ("41555526712", "this one has 11"),
        ("52 55 1234 5678", "begin with +"),
        ("020 7946 0958", "with + and its country code"),
        ("1415555267", "one digit is missing"),
        ("(411) 555-2671", "There is no area code 411."),
        ("(299) 555-2671", "There is no area code 299."),
        ("415 155 2671", "No number begins with 155 after its area code."),
        ("+999 1234567", "No country code begins with +999."),
        ("+44 20", "Too short for a number in the country +44."),
        ("+44 20 7946 0958 1234", "Too long for a number in the country +44."),
        ("+4155552671", "Begin with +1 if it is in North America."),
        ("415-555-2671 / 415-555-2672", "two phone numbers"),
        ("415 555 2671 or 415 555 2672", "two phone numbers"),
        (
            "415-555-2671 Maria",
            "\N{LEFT DOUBLE QUOTATION MARK}Maria\N{RIGHT DOUBLE QUOTATION MARK} isn't part",
        ),
        ("maria@example.com", "isn't part of a phone number"),
        ("sip:bob@example.com", "isn't part of a phone number"),
        ("anonymous", "isn't part of a phone number"),
        ("+1 415 + 5552671", "The + stands only at the beginning"),
        ("+266696687", "caller ID"),
        ("(415) 555-2671 x12345678901", "The extension has more than 10 digits."),
        ("1" * 200, "too long for one phone number"),
    ],
)
def test_what_is_refused_says_what_is_wrong_with_it(typed: str, why: str) -> None:
    with pytest.raises(BadNumberError) as refused:
        phone_numbers.read(typed)

    assert why in refused.value.shown


@given(st.text() | st.text(alphabet="0123456789+()-x#,; ."))
def test_whatever_is_pasted_is_a_number_or_is_refused(typed: str) -> None:
    try:
        number, extension = phone_numbers.read(typed)
    except BadNumberError as refused:
        refused.shown.encode()
        return
    assert re.fullmatch(r"\+[0-9]{7,15}", number)
    assert re.fullmatch("[0-9]{0,10}", extension or "")


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("four one five, five five five, twenty six seventy one", "4155552671"),
        ("one four one five five five five two six seven one", "14155552671"),
        ("it's four one five triple five two six seven oh", "4155552670"),
        ("four fifteen, five fifty five, twenty six seventy one", "4155552671"),
        ("four one five double five five to six seven one", "4155552671"),
        ("eight hundred five five five oh one nine nine", "8005550199"),
        ("one eight hundred, five five five, twenty one hundred", "18005552100"),
        ("area code 415 five five five 2671 please", "4155552671"),
        ("415 555 26 71 ok", "4155552671"),
        ("(415) 555-2671 extension twelve", "4155552671 ext. 12"),
        ("cuatro uno cinco cinco cinco cinco veintiséis setenta y uno", "4155552671"),
        ("cuatrocientos quince, quinientos cincuenta y cinco, dos seis siete uno", "4155552671"),
        ("uno ochocientos, cinco cinco cinco, doble cero, diez", "18005550010"),
        ("cuatro uno cinco 555 2671 anexo doce", "4155552671 ext. 12"),
        ("four one five treble five two six seven nought", "4155552670"),
        ("four one five five five five naught one double seven", "4155550177"),
        ("four one five, fifty-five fifty-five, twelve, nineteen", "41555551219"),
        ("415 triple 5 26 double 7", "4155552677"),
        ("eight hundred, three fives, fifteen hundred", "8005551500"),
        ("four one five double o five nine eight", "41500598"),
        ("ocho tres ceros, cinco cinco cinco, doble cinco, veinticinco", "80005555525"),
        ("cuatro quince, triple cinco, cero cero, dos unos", "4155550011"),
        ("the two ones at the front are dead", "11"),
        ("nines", ""),
        ("the phones are dead", ""),
        ("to whom it may concern, for free", ""),
    ],
)
def test_a_number_is_understood_as_it_is_said(said: str, digits: str) -> None:
    assert in_digits(said) == digits


@given(
    st.text()
    | st.lists(st.sampled_from(["four", "twenty", "hundred", "oh", "doble", "mil", "y", "7"])).map(" ".join)
)
def test_no_words_break_the_reading_of_digits(said: str) -> None:
    assert set(in_digits(said)) <= set("0123456789+ ext.")
