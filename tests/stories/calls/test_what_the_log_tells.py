"""The log of a call, from its first ring to its last report: every line finds the call, and none tells of a person."""

import json
import re
from io import StringIO
from typing import Any

from tests.support.logs import logs_go_to
from tests.support.openings import hand_over
from tests.support.world import LINE, PEOPLE, Everybody, World

#: Said by the caller, and who talks with them.
WORDS = ("pacemaker", "front desk", *(name for name, *_ in PEOPLE.values()))
NUMBERS = ("4155552671", "4155552672", *(phone[2:] for _, _, phone, *_ in PEOPLE.values()), LINE[2:])
CODE = re.compile(r"[A-Y34679]{4}-[A-Y34679]{4}")


def lines(written: StringIO) -> list[dict[str, Any]]:
    """Whatever was logged. No line of it holds a number, a name or a word."""
    for personal in (*WORDS, *NUMBERS):
        assert personal not in written.getvalue(), personal
    return [json.loads(line) for line in written.getvalue().splitlines()]


def sids_of(world: World, number: str) -> list[str]:
    """The legs between this telephone and us."""
    return [sid for sid, leg in world.exchange.legs.items() if number in {leg.to_number, leg.from_number}]


def test_each_line_of_a_call_finds_the_call_and_the_request(world: World, people: Everybody) -> None:
    world.faults_expected = True
    world.exchange.trouble.fail_rest("POST", "*/Calls.json", 500, "before")
    with logs_go_to(StringIO()) as written:
        world.breaks(world.fails_once())  # a turn fails, and is asked for again
        hand_over(people)
        people.customer.hangs_up()
        people.olive.hears("The caller hung up").hangs_up()
        world.advance(120)

    told = lines(written)
    events = {line["event"] for line in told}
    assert events >= {"turn_failed", "job_retry", "network_asked"}
    (theirs,) = sids_of(world, "+14155552671")
    legs = {theirs, *sids_of(world, people.dana.phone.number), *sids_of(world, people.olive.phone.number)}
    for line in told:
        assert line.get("call_sid") in legs or line.get("job") == "calls.reconcile", line
        assert CODE.fullmatch(line.get("request_id", "")) or line.get("job") == "calls.reconcile", line
    rung = [line for line in told if line.get("job") == "dispatch.ring"]
    assert {line["call_sid"] for line in rung} == {theirs}
    assert {line["made"] for line in rung if line.get("status") == 201} < legs


def test_one_look_at_the_queue_rings_for_two_and_each_ring_has_its_own_caller(
    world: World, people: Everybody
) -> None:
    other = world.handset("+14155552672", "Another customer")
    with logs_go_to(StringIO()) as written, world.jobs_held_back():
        for one in (people.customer, other):
            one.dials(LINE).hears("For an onsite visit, press 1").presses("1")
            one.hears("may we call you back").presses("1").hears("what is going wrong").says("my pacemaker")
            one.hears("Please hold for a technician")
    with logs_go_to(written):
        people.dana.rings()
        people.tomas.rings()

    rung = [line["call_sid"] for line in lines(written) if line.get("resource") == "Calls" and "made" in line]
    assert sorted(rung) == sorted([*sids_of(world, "+14155552671"), *sids_of(world, "+14155552672")])
