"""A call is run again, and what is answered otherwise is shown."""

import re

import pytest
from sqlalchemy import select

from flows import intake
from ivr.callcenter.calls.models import CustomerCall
from ivr.company.policy import service as policy
from ivr.core.db import session
from ivr.operations.retention.service import purge
from ivr.platform.idempotency.models import WebhookReply
from ivr.platform.idempotency.requests import UNDERSTOOD
from ivr.platform.voice import translations
from tests.support.openings import gets_in_line, hand_over, talk
from tests.support.paths import ROOT
from tests.support.world import LINE, Everybody, World

pytestmark = pytest.mark.quick

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def replay(world: World, call: str = "") -> tuple[int, list[str]]:
    """The command's exit status and its lines, for the only intake or that call."""
    done = world.app.test_cli_runner().invoke(
        args=["replay", call or world.record()["reference"]], catch_exceptions=False
    )
    return done.exit_code, done.output.splitlines()


def test_a_whole_call_is_the_same_again(world: World, people: Everybody) -> None:
    hand_over(people)
    people.customer.hangs_up()
    people.olive.hears("The caller hung up").presses("9").hears("Goodbye")

    code, said = replay(world)

    assert (code, [line for line in said if not line.endswith("same")]) == (0, []), "\n".join(said)
    paths = "\n".join(said)
    for step in (
        "/voice/incoming",
        "issue_heard",
        "screening/brief?offer=",
        "briefing/brief",
        "voice/status",
    ):
        assert step in paths
    assert said[-1] == "The record: same"


@on_sqlite
def test_a_recorded_call_is_the_same_again(world: World, people: Everybody) -> None:
    world.records_calls()
    hand_over(people)
    world.advance(30)
    people.customer.hangs_up()
    people.olive.hears("The caller hung up").presses("9").hears("Goodbye")

    code, said = replay(world)

    assert code == 0, "\n".join(said)
    assert any("/voice/recording?recording=1" in line for line in said)


@on_sqlite
def test_a_callback_hours_later_is_the_same_again(world: World, people: Everybody) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("The caller hung up").presses("1").hears("Calling the caller")
    people.customer.rings().answers().hears("calling you back").presses("1")
    people.dana.hangs_up()

    with world.database.reading():
        sid = session.scalars(select(CustomerCall.sid)).first() or ""
    code, said = replay(world, sid)

    assert code == 0, "\n".join(said)
    assert any("/voice/callback/answered?callback=1" in line for line in said)


@on_sqlite
def test_those_who_were_engaged_then_are_not_rung_now(world: World, people: Everybody) -> None:
    world.off_shift("tomas")
    talk(people)
    stranger = world.handset("+12125550188", "Stranger")
    stranger.dials(LINE).hears("For an onsite visit").presses("0").hears("Please hold")
    world.advance(60)
    stranger.hangs_up()

    code, said = replay(world, world.records()[1]["reference"])

    assert code == 0, "\n".join(said)


@on_sqlite
def test_other_words_are_shown(world: World, people: Everybody, monkeypatch: pytest.MonkeyPatch) -> None:
    gets_in_line(people.customer)

    def reworded(text: str, **values: object) -> str:
        return translations._(text, **values).replace("In a few words, what", "Tell me what")

    monkeypatch.setattr(intake, "_", reworded)
    code, said = replay(world)

    assert code == 1
    (changed,) = [line for line in said if line.endswith("different")]
    assert "callback_number_chosen" in changed
    assert [line.strip()[:1] for line in said if "is going wrong" in line].count("-") == 1
    assert any(line.strip().startswith("+<Say") and "Tell me what" in line for line in said)
    assert said[-1] == "The record: same"


@on_sqlite
def test_other_settings_are_shown(world: World, people: Everybody) -> None:
    people.customer.dials(LINE).hears("For an onsite visit, press 1").presses("1").hears("350 dollars")
    with world.database.transaction():
        policy.change("base_fee_cents", "400", policy.Command("test"))

    code, said = replay(world)

    assert code == 1
    assert any("+<Say" in line and "400 dollars" in line for line in said)
    assert world.state() == "collecting", "nothing of the call itself is touched"
    assert people.customer.exchange.nested_rest == []


@on_sqlite
def test_a_turn_that_failed_is_kept_and_shown(world: World, people: Everybody) -> None:
    world.faults_expected = True
    people.customer.dials(LINE).hears("For an onsite visit, press 1")
    world.breaks(world.fails_once())
    people.customer.presses("1").hears("something went wrong")

    code, said = replay(world)

    assert code == 1
    assert any("-<Say" in line and "something went wrong" in line for line in said)


@on_sqlite
def test_nothing_is_kept_for_longer_than_it_may_be(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    people.customer.hangs_up()
    reference = world.record()["reference"]
    world.advance(15 * 86400)
    with world.database.transaction():
        purge()

    code, said = replay(world, reference)

    assert (code, "calls are kept for 14 days" in said[0]) == (1, True)
    assert replay(world, "nobody")[0] == 1


@on_sqlite
def test_only_what_a_turn_is_understood_by_is_kept(world: World) -> None:
    form = {"CallSid": "CA" + "7" * 32, "From": "+14155552671", "CallerName": "ROSA DIAZ", "FromZip": "94110"}
    for path in ("/voice/incoming", "/voice/closing/pin_heard"):
        request = world.signed(path, **form, Digits="2468")
        world.app.test_client().post(path, base_url="https://line.test", **request)

    with world.database.reading():
        kept = {row.path: row.params for row in session.scalars(select(WebhookReply))}
    assert kept["/voice/incoming"] == {
        "AccountSid": world.exchange.account_sid,
        "CallSid": form["CallSid"],
        "From": "+14155552671",
        "Digits": "2468",
    }
    assert kept["/voice/closing/pin_heard"] is None, "a PIN is kept nowhere"


def test_every_parameter_that_is_read_is_kept() -> None:
    read = set()
    for room in ("ivr/platform/voice", "ivr/platform/idempotency", "ivr/callcenter"):
        for file in (ROOT / room).rglob("*.py"):
            read |= set(re.findall(r"form(?:\.get\(|\[)\"(\w+)\"", file.read_text(encoding="utf-8")))
    assert {"CallSid", "Digits", "ConferenceSid", "TranscriptionText"} <= read
    assert read <= set(UNDERSTOOD)


@on_sqlite
@pytest.mark.parametrize("key", ["1", "2"])
def test_a_caller_who_was_asked_whose_call_it_is_is_asked_again(
    world: World, people: Everybody, key: str
) -> None:
    world.off_shift("dana", "tomas")
    people.customer.dials(LINE).hears("For an onsite visit").hangs_up()
    world.advance(30)
    people.customer.dials(LINE).hears("Is this about the call").presses(key).hears("For an onsite visit")
    people.customer.hangs_up()

    code, said = replay(world, world.records()[-1]["reference"])

    assert code == 0, "\n".join(said)
    assert any("same_matter_chosen" in line for line in said)
