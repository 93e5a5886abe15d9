"""Telephones that act by themselves: people, screens, mailboxes, robots, menus, bad lines."""

import pytest

from simulator_tests.lab import LINE, ORIGIN, TECHNICIAN, Lab
from twilio_simulator import AutoAttendant, Behaviour, DoublesKeys, Person, Robot, ScreenedPerson, Voicemail
from twilio_simulator.behaviours.by_name import behaviour_from, behaviour_words
from twilio_simulator.behaviours.cast import Role, cast
from twilio_simulator.behaviours.screening import VOICES
from twilio_simulator.leg import Leg

GATHER = 'input="dtmf speech" speechTimeout="auto" action="/heard" actionOnEmptyResult="true" numDigits="1"'
QUESTION = "This is Acme. You asked us to call back. Press 1 to talk to us."
SPANISH = "Habla Acme. Usted nos pidió que lo llamáramos. Oprima 1 para hablar con nosotros."
FIRST = "<Say>This is Acme, you asked us to call back. Your reference is one two three four.</Say>"
#: What the application takes for a yes: the key, and no word that a robot says.
YES = {"1", "of course", "por supuesto"}


def ring(lab: Lab, behaviour: Behaviour, question: str = QUESTION, *, first: str = "") -> Leg:
    """An application that asks again whatever it hears, until it is a yes; then it says that they are joined."""
    ask = f'<Gather {GATHER} timeout="6"><Say>{question}</Say></Gather>'
    joined = '<Say>Joined.</Say><Pause length="60"/>'
    lab.serve(
        out=first + ask,
        heard=lambda words: joined if {words.get("Digits"), words.get("SpeechResult")} & YES else ask,
    )
    lab.technician.phone.behaviour = behaviour
    call = lab.twilio.calls.create(to=TECHNICIAN, from_=LINE, url=f"{ORIGIN}/out")
    return lab.exchange.legs[str(call.sid)]


def did(lab: Lab) -> list[str]:
    """What was said and done at that telephone."""
    kinds = {"said", "pressed", "sounded", "came-on", "hung-up"}
    return [f"{entry.kind} {entry.text}" for entry in lab.technician.phone.transcript if entry.kind in kinds]


def at(lab: Lab, line: str) -> float:
    """Seconds from the answer until that was first said or done."""
    entries = lab.technician.phone.transcript
    answered = next(entry.at for entry in entries if entry.kind == "answered")
    return next(
        (entry.at - answered).total_seconds() for entry in entries if line == f"{entry.kind} {entry.text}"
    )


# A person


def test_a_person_says_hello_into_the_question_and_presses_the_key_when_it_is_asked_again(lab: Lab) -> None:
    ring(lab, Person(hellos=2))
    lab.technician.hears("joined")
    assert did(lab) == ["said Hello?", "pressed 1"]
    assert [heard["SpeechResult"] for heard in lab.asked("heard")[:1]] == ["Hello?"]
    assert at(lab, "said Hello?") == 1


def test_a_person_who_is_not_addressed_says_hello_again_in_the_pauses(lab: Lab) -> None:
    ring(lab, Person(hellos=4, pause=3), first='<Pause length="14"/>')
    lab.technician.hears("joined")
    assert did(lab)[:4] == ["said Hello?", "said Hello? Who is this?", *["said Hello? Is anybody there?"] * 2]
    assert at(lab, "said Hello? Who is this?") == pytest.approx(1 + 0.35 + 3)
    assert did(lab)[4:] == ["pressed 1"]


def test_a_person_who_is_talked_to_listens(lab: Lab) -> None:
    ring(lab, Person(hellos=3), first=FIRST)
    lab.technician.hears("joined")
    assert did(lab) == ["said Hello?", "pressed 1"]


def test_a_person_who_talks_over_it_cuts_every_question_that_can_be_cut(lab: Lab) -> None:
    ring(lab, Person(hellos=3, talks_over=True), first=FIRST)
    lab.technician.hears("joined")
    assert did(lab) == [
        "said Hello?",
        "said Hello? Who is this?",
        "said Hello? Is anybody there?",
        "pressed 1",
    ]
    assert [heard.get("SpeechResult") for heard in lab.asked("heard")] == ["Hello? Is anybody there?", None]


def test_a_person_in_spanish(lab: Lab) -> None:
    ring(lab, Person(hellos=3, language="es"), SPANISH, first='<Pause length="12"/>')
    lab.technician.hears("joined")
    assert did(lab) == [
        "said ¿Bueno?",
        "said ¿Bueno? ¿Quién habla?",
        "said ¿Hola? ¿Hay alguien ahí?",
        "pressed 1",
    ]


@pytest.mark.parametrize(
    ("question", "key", "words_before"),
    [
        ("Press 1 to accept, 2 to hear it all, 9 to decline.", "9", 10),
        ("Press 1 to accept, 2 to hear it all, 9 to decline.", "1", 2),
        ("For the office, press one. For a technician, press two.", "2", 10),
        ("Para aceptar, oprima uno. Para rechazar, marque nueve.", "9", 8),
        ("Press star to go back.", "*", 2),
        ("Press 10 digits, or 1 to leave.", "1", 5),
    ],
)
def test_a_person_presses_the_key_as_soon_as_it_has_been_named(
    lab: Lab, question: str, key: str, words_before: int
) -> None:
    ring(lab, Person(hellos=0, answer=key), question)
    lab.technician.rings()
    lab.exchange.until(lambda: bool(did(lab)))
    assert did(lab) == [f"pressed {key}"]
    assert at(lab, f"pressed {key}") == pytest.approx(words_before * 0.35 + 0.8)


def test_a_person_answers_a_question_once_though_the_key_is_lost(lab: Lab) -> None:
    """A key that is pressed while nothing listens goes nowhere; who has pressed it waits for what it does."""
    ring(lab, Person(hellos=0), first='<Say>Press 1 to talk to us.</Say><Pause length="3"/>')
    lab.technician.does_not_hear("joined")
    assert did(lab) == ["pressed 1"]


@pytest.mark.parametrize(
    ("person", "does"),
    [
        (Person(hellos=0, answer="of course"), ["said of course"]),
        (Person(hellos=0, answer="por supuesto", language="es"), ["said por supuesto"]),
        (Person(hellos=0, hangs_up=True), ["hung-up completed"]),
        (Person(hellos=1, answer=""), ["said Hello?"]),
    ],
)
def test_other_answers_of_a_person(lab: Lab, person: Person, does: list[str]) -> None:
    ring(lab, person)
    lab.exchange.advance(60)
    assert did(lab) == does


def test_a_person_on_whom_we_hang_up_says_no_more(lab: Lab) -> None:
    lab.serve(out="<Say>Sorry, wrong number.</Say>")
    lab.technician.phone.behaviour = Person(hellos=5)
    lab.twilio.calls.create(to=TECHNICIAN, from_=LINE, url=f"{ORIGIN}/out")
    lab.exchange.advance(60)
    assert did(lab) == ["said Hello?", "hung-up completed"]
    assert lab.exchange.timeline.next_due() is None, "nothing is left that would happen"


def test_a_person_rung_by_somebody_who_is_joined_hears_and_is_heard(lab: Lab) -> None:
    lab.technician.phone.behaviour = Person(hellos=1, answer="I will come")
    lab.serve(voice=f"<Dial>{TECHNICIAN}</Dial>")
    lab.caller.dials(LINE).hears("hello?")
    lab.caller.phone.say("Say when you come")
    lab.caller.hears("I will come")


def test_a_hand_that_picks_up_first_keeps_the_call(lab: Lab) -> None:
    ring(lab, Person(hellos=1, after=10))
    lab.technician.rings().answers().waits(60)
    assert did(lab) == []


# A telephone that screens


@pytest.mark.parametrize(("system", "language"), list(VOICES))
def test_a_telephone_screens_and_its_owner_answers_on_the_same_call(
    lab: Lab, system: str, language: str
) -> None:
    words = {"behaviour": "screened_person", "system": system, "language": language, "owner_after": 20}
    leg = ring(lab, behaviour_from(words), SPANISH if language == "es" else QUESTION)
    lab.technician.hears("joined", within=90)
    voice = VOICES[system, language]
    hello = "said ¿Bueno?" if language == "es" else "said Hello?"
    assert did(lab) == [f"said {voice.asks}", f"said {voice.thanks}", "came-on the owner", hello, "pressed 1"]
    assert at(lab, "came-on the owner") - at(lab, f"said {voice.thanks}") > 20
    assert leg.status == "in-progress"
    assert lab.asked("heard")[0]["SpeechResult"] == voice.asks, "the voice is speech to a Gather"


@pytest.mark.parametrize(("system", "language"), list(VOICES))
@pytest.mark.parametrize(("owner", "after"), [("declines", 15), ("never", 30)])
def test_a_screened_owner_who_does_not_answer(
    lab: Lab, system: str, language: str, owner: str, after: float
) -> None:
    words = {"behaviour": "screened_person", "system": system, "language": language, "owner": owner}
    leg = ring(lab, behaviour_from(words))
    lab.exchange.advance(120)
    voice = VOICES[system, language]
    assert did(lab) == [f"said {line}" for line in (voice.asks, voice.thanks, voice.refuses)] + [
        "hung-up completed"
    ]
    assert at(lab, f"said {voice.refuses}") - at(lab, f"said {voice.thanks}") == pytest.approx(after, abs=3)
    assert leg.status == "completed"


def test_a_screened_owner_whose_mailbox_takes_it(lab: Lab) -> None:
    ring(lab, ScreenedPerson(owner="mailbox"))
    lab.exchange.advance(120)
    assert did(lab)[-3:] == [f"said {VOICES['apple', 'en'].mailbox}", "sounded beep", "hung-up completed"]


def test_a_screen_that_is_told_nothing_refuses(lab: Lab) -> None:
    lab.serve(out='<Say>Hello.</Say><Pause length="60"/>')
    lab.technician.phone.behaviour = ScreenedPerson()
    lab.twilio.calls.create(to=TECHNICIAN, from_=LINE, url=f"{ORIGIN}/out")
    lab.exchange.advance(60)
    voice = VOICES["apple", "en"]
    assert did(lab) == [f"said {voice.asks}", f"said {voice.refuses}", "hung-up completed"]


# Machines


@pytest.mark.parametrize(
    "mailbox",
    [Voicemail(after=5), Voicemail(after=5, language="es"), Voicemail("You know what to do.", after=5)],
    ids=["english", "spanish", "own"],
)
def test_a_mailbox_greets_beeps_records_and_hangs_up(lab: Lab, mailbox: Voicemail) -> None:
    ring(lab, mailbox)
    lab.exchange.advance(90)
    said, beep, end = did(lab)
    assert (beep, end) == ("sounded beep", "hung-up completed")
    seconds = len(said.split()[1:]) * 0.35
    assert at(lab, beep) == pytest.approx(0.5 + seconds)
    assert at(lab, end) == 60
    assert [heard["SpeechResult"] for heard in lab.asked("heard") if "SpeechResult" in heard] == [said[5:]]


def test_the_beep_of_a_mailbox_is_heard_by_whoever_is_joined(lab: Lab) -> None:
    lab.technician.phone.behaviour = Voicemail(after=5)
    lab.serve(voice=f"<Dial>{TECHNICIAN}</Dial>")
    lab.caller.dials(LINE).hears("leave a message").waits(10)
    assert ("heard-tone", "beep") in [(entry.kind, entry.text) for entry in lab.caller.phone.transcript]


def test_a_mailbox_without_a_beep(lab: Lab) -> None:
    ring(lab, Voicemail(after=5, beep=False))
    lab.exchange.advance(30)
    assert "sounded beep" not in did(lab)


def test_a_robot_talks_after_each_thing_that_it_hears_and_never_presses(lab: Lab) -> None:
    ring(lab, Robot(seconds=60))
    lab.exchange.advance(90)
    *sentences, end = did(lab)
    assert sentences[:4] == [
        "said Hello?",
        "said Yes.",
        "said I'm sorry, I didn't get that.",
        "said Who is calling, please?",
    ]
    assert end == "hung-up completed"
    said = [entry for entry in lab.technician.phone.transcript if entry.kind in {"said", "heard-say"}]
    assert [entry.kind for entry in said][1:11] == ["said", "heard-say"] * 5
    assert at(lab, end) == 60


def test_a_robot_talks_into_silence_too_and_begins_again_after_its_last_sentence(lab: Lab) -> None:
    lab.serve(out='<Pause length="60"/>')
    lab.technician.phone.behaviour = Robot(sentences=("Sí.", "¿Perdón?"), patience=5, language="es")
    lab.twilio.calls.create(to=TECHNICIAN, from_=LINE, url=f"{ORIGIN}/out")
    lab.exchange.advance(15)
    assert did(lab) == ["said Sí.", "said ¿Perdón?", "said Sí."]


def test_a_menu_ends_with_an_operator_who_is_a_person(lab: Lab) -> None:
    ring(lab, AutoAttendant())
    lab.technician.hears("joined", within=90)
    menu = "said Thank you for calling Acme. For sales, press 1. For service, press 2. Para español, oprima nueve."
    transfer = "said Please hold while I transfer you to an operator."
    operator = ["sounded ringing", "came-on the operator", "said Hello?", "pressed 1"]
    assert did(lab) == [menu, menu, transfer, *operator]


def test_a_menu_in_spanish_rings_on_or_hangs_up(lab: Lab) -> None:
    ring(lab, AutoAttendant(times=1, then="rings", language="es"))
    lab.exchange.advance(90)
    assert did(lab)[1:] == [
        "said No cuelgue, lo comunico con la operadora.",
        "sounded ringing",
        "hung-up completed",
    ]
    ring(lab, AutoAttendant("Acme. Oprima 1.", times=1, then="hangs-up", language="es"))
    lab.exchange.advance(90)
    assert did(lab)[4:] == [
        "said Acme. Oprima 1.",
        "said No recibimos ninguna opción. Adiós.",
        "hung-up completed",
    ]


# A bad line


def test_a_bad_line_doubles_keys_into_the_next_question(lab: Lab) -> None:
    lab.caller.phone.behaviour = DoublesKeys()
    lab.serve(
        voice='<Gather numDigits="1" action="/next"><Say>First.</Say></Gather>',
        next='<Gather numDigits="2" action="/end"><Say>Second.</Say></Gather>',
        end="<Hangup/>",
    )
    lab.caller.dials(LINE).presses("1").hears("second").waits(1).presses("2").waits(1)
    assert lab.last("next")["Digits"] == "1"
    assert lab.last("end")["Digits"] == "12"


def test_a_bad_line_doubles_each_of_several_keys(lab: Lab) -> None:
    lab.caller.phone.behaviour = DoublesKeys()
    lab.serve(voice='<Gather action="/end"><Say>Number.</Say></Gather>', end="<Hangup/>")
    lab.caller.dials(LINE).presses("12").waits(10)
    assert lab.last("end")["Digits"] == "1122"


def test_a_person_on_a_bad_line_presses_once(lab: Lab) -> None:
    ring(lab, DoublesKeys(Person(hellos=1)))
    lab.technician.hears("joined")
    assert did(lab) == ["said Hello?", "pressed 1"]


# All of them


@pytest.mark.parametrize("role", list(cast(word="of course")), ids=lambda role: role.name)
def test_whoever_agrees_is_joined_and_nobody_else(lab: Lab, role: Role) -> None:
    walk(lab, role, QUESTION)


@pytest.mark.parametrize("role", list(cast(word="por supuesto", language="es")), ids=lambda role: role.name)
def test_whoever_agrees_in_spanish_is_joined_and_nobody_else(lab: Lab, role: Role) -> None:
    walk(lab, role, SPANISH)


def walk(lab: Lab, role: Role, question: str) -> None:
    ring(lab, role.behaviour, question, first=FIRST)
    heard = lab.exchange.until(lambda: "Joined." in str(lab.exchange.transcript), 150)
    assert heard == role.agrees, lab.exchange.transcript


@pytest.mark.parametrize("role", list(cast()), ids=lambda role: role.name)
def test_detection_takes_people_for_people_and_voices_for_machines(lab: Lab, role: Role) -> None:
    lab.serve(out="<Hangup/>")
    lab.technician.phone.behaviour = role.behaviour
    lab.twilio.calls.create(to=TECHNICIAN, from_=LINE, url=f"{ORIGIN}/out", machine_detection="Enable")
    lab.exchange.advance(30)
    answered_by = [asked["AnsweredBy"] for asked in lab.asked("out")]
    if isinstance(role.behaviour, str):
        assert answered_by == []
    else:
        assert answered_by == ["human" if "a person" in role.name else "machine_start"]


@pytest.mark.parametrize("role", list(cast()), ids=lambda role: role.name)
def test_what_is_told_of_a_behaviour_makes_it_again(role: Role) -> None:
    assert behaviour_from(behaviour_words(role.behaviour)) == role.behaviour


# What is said while nothing listens


def test_a_gather_that_begins_in_the_middle_of_words_hears_the_rest_and_is_cut_by_it(lab: Lab) -> None:
    lab.serve(
        voice=f"<Say>one two three</Say><Gather {GATHER}><Say>Press 1.</Say></Gather>", heard="<Hangup/>"
    )
    lab.caller.dials(LINE)
    lab.caller.phone.say("ten eleven twelve thirteen fourteen")
    lab.caller.waits(10)
    assert lab.last("heard")["SpeechResult"] == "thirteen fourteen"
    assert "Press 1." not in str(lab.exchange.transcript)


def test_a_gather_that_cannot_be_cut_hears_what_is_left_after_its_prompt(lab: Lab) -> None:
    lab.serve(
        voice=f'<Say>one two three</Say><Gather {GATHER} bargeIn="false"><Say>Press 1.</Say></Gather>',
        heard="<Hangup/>",
    )
    lab.caller.dials(LINE)
    lab.caller.phone.say("ten eleven twelve thirteen fourteen fifteen sixteen")
    lab.caller.hears("press 1.").waits(10)
    assert lab.last("heard")["SpeechResult"] == "fifteen sixteen"


def test_words_that_are_over_when_a_gather_begins_are_lost(lab: Lab) -> None:
    lab.serve(
        voice=f"<Say>one two three</Say><Gather {GATHER}><Say>Press 1.</Say></Gather>", heard="<Hangup/>"
    )
    lab.caller.dials(LINE)
    lab.caller.phone.say("ten eleven")
    lab.caller.hears("press 1.").waits(30)
    assert "SpeechResult" not in lab.last("heard")


def test_the_rest_of_words_is_heard_once(lab: Lab) -> None:
    lab.serve(
        voice=f'<Say>one two three</Say><Gather {GATHER} maxSpeechTime="1"/>',
        heard=f"<Gather {GATHER.replace('heard', 'again')}><Say>Second.</Say></Gather>",
        again="<Hangup/>",
    )
    lab.caller.dials(LINE)
    lab.caller.phone.say("ten eleven twelve thirteen fourteen fifteen sixteen")
    lab.caller.hears("second").waits(30)
    assert lab.last("heard")["SpeechResult"] == "thirteen fourteen fifteen sixteen"
    assert "SpeechResult" not in lab.last("again")


def test_words_that_one_gather_took_are_not_heard_again_by_the_next(lab: Lab) -> None:
    lab.serve(
        voice=f'<Gather {GATHER} maxSpeechTime="1"><Say>First.</Say></Gather>',
        heard=f"<Gather {GATHER.replace('heard', 'again')}><Say>Second.</Say></Gather>",
        again="<Hangup/>",
    )
    lab.caller.dials(LINE).says("ten eleven twelve thirteen fourteen").hears("second").waits(30)
    assert "SpeechResult" not in lab.last("again")


def test_a_record_that_begins_in_the_middle_of_words_hears_the_rest(lab: Lab) -> None:
    lab.serve(voice='<Say>one two three</Say><Record action="/kept"/>', kept="<Hangup/>")
    lab.caller.dials(LINE)
    lab.caller.phone.say("ten eleven twelve thirteen fourteen")
    lab.caller.waits(20)
    [clip] = lab.exchange.recordings.clips.values()
    assert clip.words == "thirteen fourteen"
