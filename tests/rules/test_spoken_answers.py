"""What a caller's words mean where a key is expected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import said
from ivr.platform.voice.words import is_small_talk, named_key, spoken_key, wants_a_person


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("Yes", "1"),
        ("yes, please", "1"),
        ("Yeah, that's right.", "1"),
        ("okay", "1"),
        ("correct", "1"),
        ("one", "1"),
        ("Press one.", "1"),
        ("number 2 please", "2"),
        ("to", "2"),
        ("No.", "2"),
        ("no, thank you", "2"),
        ("No, another number", "2"),
        ("nine", "9"),
        ("español", "9"),
        ("zero", "0"),
        ("Sí", "1"),
        ("sí, por favor", "1"),
        ("claro que sí", "1"),
        ("uno", "1"),
        ("Oprimo dos", "2"),
        ("no, gracias", "2"),
        ("está mal", "2"),
        ("cero", "0"),
        ("", None),
        ("Hello", None),
        ("Yes?", None),
        ("no dial tone", None),
        ("one of the phones is dead", None),
        ("yes and no", None),
        ("one two", None),
        ("operator", None),
    ],
)
def test_an_answer_in_words_is_the_key_that_it_names(said: str, key: str | None) -> None:
    assert spoken_key(said, no="2") == key


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Onsite visit", "1"),
        ("On-site.", "1"),
        ("I need an onsite visit please", "1"),
        ("a site visit", "1"),
        ("Una visita en el sitio", "1"),
        ("necesito una visita, por favor", "1"),
        ("Remote support", "2"),
        ("Technical support, please.", "2"),
        ("um, tech support", "2"),
        ("support", "2"),
        ("Soporte técnico", "2"),
        ("quiero ayuda a distancia", "2"),
        ("Billing", "0"),
        ("scheduling please", "0"),
        ("I'm calling about my invoice", "0"),
        ("Facturación", "0"),
        ("Technical support?", None),
        ("technical support never called me back", None),
        ("we need support on site", None),
        ("an onsite visit or remote support", None),
        ("the billing phone has no dial tone", None),
        ("phone", None),
        ("", None),
    ],
)
def test_the_words_of_an_option_of_the_menu_are_its_key(words: str, key: str | None) -> None:
    menu = {"1": said.ONSITE, "2": said.REMOTE, "0": said.OFFICE}
    assert named_key(words, menu) == key


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Call me back", "1"),
        ("a callback please", "1"),
        ("I'd like to be called back", "1"),
        ("que me llamen", "1"),
        ("llámenme, por favor", "1"),
        ("Leave a message", "2"),
        ("I want to leave a message", "2"),
        ("dejar un mensaje", "2"),
        ("quiero dejar un recado", "2"),
        ("something else", "3"),
        ("It's a new issue", "3"),
        ("otra cosa", "3"),
        ("es por otro asunto", "3"),
        ("nobody left a message", None),
        ("call me back or leave a message", None),
    ],
)
def test_a_callback_a_message_and_something_else_are_asked_for_in_words(words: str, key: str | None) -> None:
    menu = {"1": said.CALLED_BACK, "2": said.MESSAGE, "3": said.SOMETHING_ELSE}
    assert named_key(words, menu) == key


@given(
    st.text() | st.lists(st.sampled_from(["i", "want", "to", "a", "un", "support", "visit"])).map(" ".join)
)
def test_no_words_break_the_reading_of_options(words: str) -> None:
    assert named_key(words, {"1": said.ONSITE, "2": said.REMOTE}) in {"1", "2", None}


def test_yes_is_no_answer_to_a_question_that_has_no_such_key() -> None:
    assert spoken_key("yes", yes=None) is None
    assert spoken_key("no") is None
    assert spoken_key("one", yes=None) == "1"


@pytest.mark.parametrize(
    "said",
    [
        "operator please",
        "Representative!",
        "a real person",
        "I want to speak to a person",
        "can I talk to somebody",
        "Could I please speak with someone?",
        "I'd like to talk to a human being right now",
        "I want to talk to somebody about my phones",
        "let me talk to an agent",
        "get me a human",
        "transfer me to the operator",
        "customer service",
        "agente por favor",
        "operadora",
        "Quiero hablar con una persona.",
        "¿Puedo hablar con alguien?",
        "necesito hablar con un representante",
        "me puede comunicar con un operador",
        "páseme con un agente",
        "con una persona",
    ],
)
def test_whoever_asks_for_a_person_is_understood(said: str) -> None:
    assert wants_a_person(said)
    assert not is_small_talk(said)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "the operator's phone is dead",
        "I can't talk to anybody on line two",
        "our agents hear static",
        "when I want to talk to somebody the line drops",
        "I need a technician to look at the switch",
        "nadie puede hablar con una persona afuera",
        "is anybody there",
        "¿hay alguien?",
    ],
)
def test_an_issue_asks_for_nobody(said: str) -> None:
    assert not wants_a_person(said)


@pytest.mark.parametrize(
    "said",
    [
        "Hello?",
        "Hello? Hello? Who is this?",
        "hi, who's calling?",
        "Yes?",
        "Good morning",
        "can you hear me",
        "one moment",
        "¿Bueno?",
        "Diga",
        "hola, ¿quién habla?",
        "¿Sí?",
        "un momento",
    ],
)
def test_a_greeting_is_small_talk(said: str) -> None:
    assert is_small_talk(said)


@pytest.mark.parametrize("said", ["", "hello, the phones are dead", "no dial tone", "Acme Dental", "one"])
def test_what_says_something_is_not_small_talk(said: str) -> None:
    assert not is_small_talk(said)


_PIECES = ["yes", "eso", "es", "correcto", "hello", "I", "want", "to", "me", "con"]


@given(st.text(max_size=200) | st.lists(st.sampled_from(_PIECES)).map(" ".join))
def test_no_words_break_or_stall_anything(said: str) -> None:
    assert not (wants_a_person(said) and is_small_talk(said))
    assert spoken_key(said) in {None, *"0123456789"}
