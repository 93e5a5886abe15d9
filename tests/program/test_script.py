"""The script as the page lists it, and a sentence cut at the words that are recorded."""

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

from flows import FLOWS, SCRIPT, apologies, documents, hosted
from ivr.company.prompts import script, wording
from ivr.platform.voice.translations import parts
from tests.program.spoken import prompts as spoken_by_the_line
from tests.program.spoken import spanish

MENU = "For an onsite visit, press 1. For remote support, press 2. For a person, press 0."


def test_every_prompt_of_the_flows_is_listed_once_in_the_order_heard() -> None:
    listed = [prompt.id for part in script.parts(SCRIPT) for prompt in part.prompts]
    assert len(listed) == len(set(listed)) > 40
    assert set(listed) <= spoken_by_the_line()
    parts = [part.name for part in script.parts(SCRIPT)]
    assert parts == [*(listed.flow.name for listed in FLOWS), "phrases"]
    front_door = script.parts(SCRIPT)[1].prompts
    assert front_door[-2].id == MENU
    assert front_door[-2].words("es") == spanish()[MENU]


def test_a_phrase_is_heard_where_the_flows_use_it() -> None:
    heard = {
        one.id: {(place.title, place.step) for place in one.heard} for one in script.by_key(SCRIPT).values()
    }

    assert heard["To reach us, press 1."] == {("Robots and blocked numbers", "press first")}
    assert heard["the number you gave us"] == {
        ("Nobody came, or somebody dropped", "nobody came"),
        ("Nobody came, or somebody dropped", "called back words"),
    }
    assert {("The caller is welcomed", "menu"), ("The owner calls", "until")} < heard[
        "Sorry, I didn't get that."
    ]
    assert ("An operator is called", "offered") in heard["Onsite."], "the technician's flow says it for both"
    (card,) = (places for words, places in heard.items() if "card numbers" in words)
    assert card == {("Every question", "card heard")}, "the voice itself says it"
    assert [words for words, places in heard.items() if not places] == []


def test_many_may_ask_for_it_at_once_when_nobody_has_yet() -> None:
    """As after a start: reading a file, Python 3.11 faults if another thread reads one, too."""
    unread = replace(SCRIPT, chapters=SCRIPT.chapters[::-1])

    with others_at_each_collection(), ThreadPoolExecutor(8) as threads:
        told = list(threads.map(script.parts, [unread] * 8))

    assert {len(one) for one in told} == {len(script.parts(SCRIPT))}


@contextmanager
def others_at_each_collection() -> Iterator[None]:
    """The garbage is collected often, and each time another thread has its turn."""

    def wait(_phase: str, _info: object) -> None:
        Event().wait(0.0001)

    before = gc.get_threshold()
    gc.set_threshold(200)
    gc.callbacks.append(wait)
    yield
    gc.callbacks.remove(wait)
    gc.set_threshold(*before)


def test_what_is_never_played_from_a_recording_is_not_offered_for_one() -> None:
    """Sentences that are said without the database, such as the apology, or by the network itself."""
    listed = {prompt.id for part in script.parts(SCRIPT) for prompt in part.prompts}
    unlisted = {
        words
        for module in (apologies, documents, hosted)
        for words in script.spoken_in(Path(str(module.__file__)))
    }
    assert spoken_by_the_line() - listed == unlisted - listed


def test_what_changes_is_shown_in_brackets_and_is_never_recorded() -> None:
    (fee,) = (one for one in script.by_key(SCRIPT).values() if one.id.startswith("An onsite visit starts at"))
    assert fee.values == ["dollars"]
    assert "starts at [dollars] dollars" in fee.shown("en")
    assert {value for one in script.in_script(SCRIPT) for value in wording.values(one[0])} == {"company"}


def test_a_sentence_is_cut_where_words_are_recorded() -> None:
    recorded = ["Hello.", "Hello. And welcome.", "Press 1."]
    assert parts("Hello. And welcome. Now: Press 1.", recorded) == ["Hello. And welcome.", "Now:", "Press 1."]
    assert parts("Othello. Press 1.5", recorded) == ["Othello. Press 1.5"]
    assert parts("Hello.", recorded) == ["Hello."]
    assert parts("Press 1. Press 1.", recorded) == ["Press 1.", "Press 1."]
    assert parts("Anything", []) == ["Anything"]
