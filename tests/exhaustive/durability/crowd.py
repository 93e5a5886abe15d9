"""Customers and staff with telephones, as people are: they answer, talk, transfer, decline, lose patience, drop out.

Staff call the line now and then and set whether they get calls. Who is asked about the time on site says this or that.
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from devtools.demo_stage import is_prompt
from devtools.handset_client import CannotError, Handsets
from ivr.company.hours import zones
from ivr.company.hours.rules import COMPANY
from tests.support.owners import PIN
from twilio_simulator.reader import APOLOGY

LINE: Final = "+18779437675"
#: What is pressed when the line says so; the first that fits. None: nothing, they wait. Of several one by chance.
STAFF_KEYS: Final = (
    ("Thank you for calling", None),
    ("For an onsite visit", "*"),
    ("Enter your PIN", f"{PIN}#"),
    ("To get calls, press 1", "calls"),
    ("For one hour, press 1", ("1", "4", "4")),
    ("four digits", "until"),
    ("paid time on site ends", ("1", "2", "2", "3")),
    ("is enough", ("1", "2", "2", "3")),
    ("to accept", "1"),
    ("caller hung up", "9"),
    ("couldn't reach the caller", "9"),
    ("try again, 2", "2"),
    ("to hand over", "1"),
    ("to transfer", "1"),
)
CUSTOMER_KEYS: Final = (
    ("keep your place", ("1", None, None, None)),
    ("everything is settled", "hang up"),
    ("going wrong", "say"),
    ("To agree and get the link", ("1", "1", "1", "2", "0")),
)
#: It asks nothing: who hears it waits.
MUSIC: Final = "/sounds/music.wav"
#: So many of staff are on the line at a time to set when they get calls, and so many at most are away.
SET_AT_ONCE, AWAY_AT_MOST = 2, 5
LONGEST_CALL: Final = 400

Phone = dict[str, Any]


class Crowd:
    """``step`` looks at every telephone once and does what its owner would. Figures are the network's seconds.

    With ``comes_and_goes`` staff, who have ``PIN``, set when they get calls.
    """

    def __init__(
        self,
        network: str,
        customers: list[str],
        staff: dict[str, str],
        *,
        at_once: int,
        chance: Random,
        comes_and_goes: bool = False,
    ) -> None:
        self.dialled: set[str] = set()
        #: The numbers of customers who have agreed to more time on site.
        self.agreed: set[str] = set()
        self.apologies: Counter[str] = Counter()
        self._handsets = Handsets(network)
        self._customers, self._staff = customers, staff
        self._at_once, self._chance, self._comes_and_goes = at_once, chance, comes_and_goes
        self._last = 0
        self._told: dict[str, tuple[int, str]] = {}
        self._acted: dict[str, int] = {}
        self._since: dict[tuple[str, str], tuple[object, datetime]] = {}
        self._drops_after = {one: chance.uniform(3, 60) for one in customers if chance.random() < 0.12}
        self._decided: dict[str, str] = {}
        self._transferred: set[str] = set()
        self._sets: dict[str, str] = {}  # what they press once their PIN is taken
        self._away: set[str] = set()

    def step(self) -> bool:
        """Whether everybody has rung, and every telephone is quiet."""
        state = self._handsets.look()
        for line in self._handsets.heard(self._last):
            self._last = line.id
            if is_prompt(line) and not line.text.endswith(MUSIC):
                self._told[line.number] = (line.id, line.text)
            self.apologies["Twilio's own words"] += line.text == APOLOGY
            self.apologies["ours"] += "something went wrong on our side" in line.text
        self._now = datetime.fromisoformat(state["clock"])
        phones: list[Phone] = state["phones"]
        for phone in phones:
            try:
                (self._work if phone["number"] in self._staff else self._ring_in)(phone)
            except CannotError:
                continue  # the other side was quicker
        busy = sum(phone["state"] != "idle" for phone in phones)
        talking = sum(phone["state"] != "idle" for phone in phones if phone["number"] not in self._staff)
        waiting = [one for one in self._customers if one not in self.dialled]
        for number in waiting[: max(0, min(2, self._at_once - talking))]:
            self._do(number, "dial", to=LINE)
            self.dialled.add(number)
        if self._comes_and_goes and waiting and self._chance.random() < 0.2:
            self._set_when_they_get_calls([one["number"] for one in phones if one["state"] == "idle"])
        return not waiting and not busy

    # Customers

    def _ring_in(self, phone: Phone) -> None:
        number, state = phone["number"], phone["state"]
        if state == "ringing":
            self._do(number, "answer")
        if state != "in-call":
            return
        on_the_line = self._for(phone, "call", phone["call_sid"])
        if on_the_line > min(self._drops_after.get(number, LONGEST_CALL), LONGEST_CALL):
            self._drops_after.pop(number, None)
            self._do(number, "drop")
        elif phone["with"] and not phone["held"]:
            operator = any(self._staff.get(one) == "operator" for one in phone["with"])
            if self._for(phone, "talk", tuple(phone["with"])) > (8 if operator else 45):
                self._do(number, "hang-up")
        elif phone["listening"] and (words := self._news(number)):
            act = self._chosen(next((act for part, act in CUSTOMER_KEYS if part in words), "1"))
            if "To agree and get the link" in words and act == "1":
                self.agreed.add(number)
            self._reply(number, act)

    def _chosen(self, act: str | tuple[str | None, ...] | None) -> str | None:
        return self._chance.choice(act) if isinstance(act, tuple) else act

    def _reply(self, number: str, act: str | None) -> None:
        self._acted[number] = self._last  # who waits has chosen, too
        if act == "calls":
            self._set(number)
        elif act == "until":
            soon = zones.wall_clock(COMPANY.zone, self._now + timedelta(minutes=self._chance.choice((2, 4))))
            self._do(number, "press", keys=f"{soon:%H%M}")
        elif act == "say":
            self._do(number, "say", text="the phones at the front desk are dead")
        elif act == "hang up":
            self._do(number, "hang-up")
        elif act is not None:
            self._do(number, "press", keys=act)

    # Staff

    def _work(self, phone: Phone) -> None:
        number, state = phone["number"], phone["state"]
        if state == "ringing":
            self._pick_up(phone)
        if state != "in-call":
            return
        others = tuple(phone["with"])
        if self._for(phone, "call", phone["call_sid"]) > LONGEST_CALL:
            self._do(number, "hang-up")
        elif phone["listening"] and (words := self._news(number)):
            self._reply(number, self._chosen(next((key for part, key in STAFF_KEYS if part in words), "1")))
        elif self._staff[number] == "technician" and others and self._for(phone, "talk", others) > 6:
            with_colleague = any(one in self._staff for one in others)
            if with_colleague and self._chance.random() < 0.5:
                self._do(number, "hang-up")  # which hands over as well
            elif with_colleague or phone["call_sid"] not in self._transferred:
                self._transferred.add(phone["call_sid"])
                self._do(number, "press", keys="*")

    def _pick_up(self, phone: Phone) -> None:
        sid = phone["call_sid"]
        if sid not in self._decided:
            self._decided[sid] = self._chance.choices(["answer", "decline", "ignore"], [88, 7, 5])[0]
        if self._decided[sid] != "ignore" and self._for(phone, "ring", sid) > 2:
            self._do(phone["number"], self._decided[sid])

    def _set_when_they_get_calls(self, idle: list[str]) -> None:
        """One of those who may be rung calls the line, to get no calls for a while or to get them again."""
        self._sets = {one: key for one, key in self._sets.items() if one not in idle}  # cut off, some of them
        who = [one for one in idle if self._staff.get(one) in {"technician", "operator"}]
        if not who or len(self._sets) >= SET_AT_ONCE:
            return
        number = self._chance.choice(who)
        if number in self._away or len(self._away) < AWAY_AT_MOST:
            with suppress(CannotError):  # somebody rings them first
                self._do(number, "dial", to=LINE)
                self._sets[number] = "1" if number in self._away else "2"

    def _set(self, number: str) -> None:
        """They press what they called for; asked once more, they hang up."""
        key = self._sets.pop(number, None)
        if key is None:
            self._do(number, "hang-up")
            return
        self._away ^= {number}
        self._do(number, "press", keys=key)

    # Both

    def _news(self, number: str) -> str:
        """What was said to them since they last did something."""
        at, words = self._told.get(number, (0, ""))
        return words if at > self._acted.get(number, 0) else ""

    def _for(self, phone: Phone, what: str, how: object) -> float:
        """How long that has been so with this telephone, without a change."""
        before = self._since.get((phone["number"], what))
        if before is None or before[0] != how:
            before = self._since[phone["number"], what] = (how, self._now)
        return (self._now - before[1]).total_seconds()

    def _do(self, number: str, act: str, **details: str) -> None:
        self._acted[number] = self._last
        self._handsets.do(number, act, **details)
