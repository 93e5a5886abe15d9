"""Every form there is: where it is seen, what is put into it, and what must have happened before."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from sqlalchemy import delete, select

from ivr.backoffice.alarms import channels, walls
from ivr.backoffice.alarms import service as alarms
from ivr.backoffice.checks.checkup import Checkup
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.rules import Who
from ivr.backoffice.estimates.customer_links import Links
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.follow_ups import jobs as follow_ups_jobs
from ivr.backoffice.follow_ups.models import FollowUp
from ivr.backoffice.payments.models import Checkout, PaymentTask
from ivr.backoffice.personal_data import holds
from ivr.backoffice.personal_data import service as personal_data
from ivr.backoffice.personal_data.models import RequestKind
from ivr.callcenter.callbacks import settlement
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.supervision import refusing
from ivr.company.first_run import setup_code
from ivr.company.mail.models import Mail, MailState
from ivr.company.on_call import service as on_call
from ivr.company.policy.service import Command
from ivr.company.prompts import script
from ivr.company.prompts import service as prompts
from ivr.company.prompts.models import PromptWords
from ivr.company.shifts import leave_and_swaps
from ivr.company.shifts import queries as shifts_queries
from ivr.company.shifts import service as shifts
from ivr.company.shifts.rules import Span, WeeklyHours
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.company.staff.password_reset import ResetLinks
from ivr.company.staff.second_factor.models import OneTimeCodes, Passkey
from ivr.core import clock
from ivr.services import services
from tests.support.console import PASSWORD
from tests.support.estimates import MONDAY, Somebody
from tests.support.hashes import HASHED
from tests.support.openings import consult, gets_in_line, talk
from tests.support.sales import Desk
from tests.support.sounds import wav
from tests.support.windows import Window
from tests.support.world import World

Prepare = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Place:
    """A form. ``page``, ``form`` and ``fields`` are filled in with what ``before`` returns."""

    endpoint: str
    page: str
    form: str
    before: Prepare
    fields: dict[str, str] = field(default_factory=dict)
    who: str = "Ruth"
    files: dict[str, bytes] = field(default_factory=dict)


def nothing(_: World) -> dict[str, Any]:
    return {}


def ended(world: World) -> dict[str, Any]:
    """A call that is over, its record complete, and everybody away, so that nobody is rung."""
    gets_in_line(world.people.customer).hangs_up()
    world.off_shift("dana", "tomas", "olive", "pedro", "ruth")
    Desk(world)
    with world.database.reading():
        return {"ref": intakes.get(1).reference}


def quoted(world: World) -> dict[str, Any]:
    known = ended(world)
    Desk(world).sends_the_estimate()
    with world.database.reading() as session:
        quote = session.scalars(select(Estimate)).one()
        letter = session.scalars(select(Mail).where(Mail.kind == "estimate")).one()
        return known | {"quote": quote.id, "link": letter.values["url"].rpartition("/")[2]}


def bounced(world: World) -> dict[str, Any]:
    known = quoted(world)
    with world.database.transaction() as session:
        session.scalars(select(Mail).where(Mail.kind == "estimate")).one().state = MailState.BOUNCED
    return known


def replaced(world: World) -> dict[str, Any]:
    """The customer opens the link of an estimate that another has replaced, an hour later."""
    known = own_link(world)
    world.advance(3600)
    Desk(world).sends_the_estimate()
    return known


def own_link(world: World) -> dict[str, Any]:
    """The customer holds a link that this application has signed."""
    known = ended(world)
    config = services(world.app).config
    with world.database.transaction():
        olive = roster.by_name_or_phone("olive")
        quote = estimates.prepare(intakes.get(1), EstimateDraft(extra_hours=2), seen=0, by=olive)
        url = estimates.send(quote.id, links=Links(config.secret_key, config.public_url), by=olive)
    return known | {"link": url.rpartition("/")[2]}


def at_the_till(world: World) -> dict[str, Any]:
    known = own_link(world)
    world.app.test_client().post(f"/pay/{known['link']}/checkout")
    with world.database.reading() as session:
        return known | {"till": session.scalars(select(Checkout.page_id)).one()}


def followed_up(world: World) -> dict[str, Any]:
    """Nobody has opened the estimate of this morning: it is Olive's follow-up, and the customer was reminded."""
    follow_ups_jobs.look_through(world.database)
    known = own_link(world)
    with world.database.transaction():
        settlement.close_all(1, because="matter", by="Olive")  # to whom a call is owed gets no letter
    world.advance(5 * 3600)
    follow_ups_jobs.look_through(world.database)
    with world.database.reading() as session:
        task = session.scalars(select(FollowUp)).one()
        return known | {"follow_up": task.id, "pedro": roster.by_name_or_phone("pedro").id}


def paid_at_the_till(world: World) -> dict[str, Any]:
    known = at_the_till(world)
    world.app.test_client().post(f"/sandbox-till/{known['till']}", data={"press": "pay"})
    return known


def paid(world: World) -> dict[str, Any]:
    known = ended(world)
    Desk(world).sends_the_estimate()
    Desk(world).is_paid()
    return known


def booked(world: World) -> dict[str, Any]:
    known = paid(world)
    Desk(world).books()
    return known


def danas(world: World) -> dict[str, Any]:
    """It is the day of a visit that Dana makes."""
    known = booked(world)
    with world.database.transaction():
        dana = Who(roster.by_name_or_phone("dana").id, is_remote=False)
        bookings.assign(1, dana, by=roster.by_name_or_phone("olive"))
    world.is_now("2026-11-24 08:00:00")
    return known


def own_visit(world: World) -> dict[str, Any]:
    """The customer holds a link, and has a visit next week."""
    known = own_link(world)
    with world.database.transaction():
        dana = Who(roster.by_name_or_phone("dana").id, is_remote=False)
        owner = Somebody(roster.by_name_or_phone("ruth").id, is_owner=True)
        bookings.book(1, MONDAY, by=owner, who=dana, reason="A contract customer")
    return known


def closed(world: World) -> dict[str, Any]:
    known = ended(world)
    Desk(world).closes()
    return known


def refused(world: World) -> dict[str, Any]:
    known = ended(world)
    with world.database.transaction():
        refusing.refuse(intakes.get(1), "Calls all day", roster.by_name_or_phone("olive"))
    return known


def owed(world: World) -> dict[str, Any]:
    known = ended(world)
    world.on_shift("ruth")
    with world.database.reading() as session:
        return known | {"callback": session.scalars(select(Callback.id)).one()}


def money_owed(world: World) -> dict[str, Any]:
    known = paid(world)
    with world.database.transaction() as session:
        task = PaymentTask(intake_id=1, kind="paid_too_much", ref="task", cents=25_00, opened_at=clock.now())
        session.add(task)
        session.flush()
        return known | {"task": task.id}


def talking(world: World) -> dict[str, Any]:
    talk(world.people)
    with world.database.reading():
        return {"ref": intakes.get(1).reference}


def asked_about_time(world: World) -> dict[str, Any]:
    """Dana is on site, and the paid time ends soon."""
    known = ended(world)
    desk = Desk(world)
    desk.sends_the_estimate()
    desk.is_paid()
    desk.books()
    desk.is_on_site("dana", "2026-11-23 07:00:00")
    world.is_now("2026-11-23 09:45:00")
    world.advance(90)
    return known | {"check": 1}


def recorded(world: World) -> dict[str, Any]:
    world.records_calls()
    return talking(world)


def consulting(world: World) -> dict[str, Any]:
    consult(world.people)
    with world.database.reading():
        return {"ref": intakes.get(1).reference}


def held(world: World) -> dict[str, Any]:
    known = ended(world)
    with world.database.transaction():
        until = clock.now() + timedelta(days=30)
        holds.place([1], why="A dispute", until=until, by=roster.by_name_or_phone("ruth"))
        return known | {"hold": holds.in_force()[0][0].id}


def asked_of_us(world: World) -> dict[str, Any]:
    known = ended(world)
    with world.database.transaction():
        return known | {"request": personal_data.note(RequestKind.ERASE, ["+14155552671"], by="Ruth").id}


def nobody_here(world: World) -> dict[str, Any]:
    """The line has no owner yet, and has printed its code."""
    with world.database.transaction() as session:
        session.execute(delete(Staff))
        return {"code": setup_code.current(services(world.app).config.secret_keys)}


def with_ruth(world: World) -> dict[str, Any]:
    return {"ruth": _id(world, "Ruth")}


def ruth_has_a_pin(world: World) -> dict[str, Any]:
    with world.database.transaction():
        roster.by_name_or_phone("ruth").pin_hash = "a hash"
    return with_ruth(world)


def no_operator_alarm(world: World) -> dict[str, Any]:
    world.off_shift("olive", "pedro", "ruth")
    with world.database.transaction():
        alarms.look()
    world.on_shift("olive", "pedro", "ruth")
    return {}


def with_a_channel(world: World) -> dict[str, Any]:
    with world.database.transaction():
        channels.add_mail("ruth@example.com", channels.Told(["waiting"], 0), Command("Ruth"))
    return {}


def with_a_wall(world: World) -> dict[str, Any]:
    with world.database.transaction():
        walls.make("Front desk", Command("Ruth"))
    return {}


def with_dana(world: World) -> dict[str, Any]:
    return {"dana": _id(world, "Dana")}


def on_call_order(world: World) -> dict[str, Any]:
    """Dana takes turns with Tomas."""
    with world.database.transaction():
        for name in ("dana", "tomas"):
            on_call.add(Command("Ruth"), roster.by_name_or_phone(name))
    return with_dana(world)


def dana_in_the_console(world: World) -> dict[str, Any]:
    Window(world, "Dana")
    return with_dana(world)


def ruth_elsewhere(world: World) -> dict[str, Any]:
    Window(world, "Ruth")
    return {}


def with_a_recording(world: World) -> dict[str, Any]:
    whole = services(world.app)
    prompt = next(one for one in script.by_key(whole.script).values() if not one.values)
    with world.database.transaction() as session:
        owner = session.scalars(select(Staff).where(Staff.name == "Ruth")).one()
        made = prompts.upload(prompt, "en", wav(), owner)
        session.flush()
        return {"recording": made.id, "prompt": prompt.key}


def with_a_prompt(world: World) -> dict[str, Any]:
    prompt = next(one for one in script.by_key(services(world.app).script).values() if not one.values)
    return {"prompt": prompt.key}


def with_left_words(world: World) -> dict[str, Any]:
    """The owner has typed words for a prompt that the script no longer has."""
    with world.database.transaction() as session:
        row = PromptWords(prompt="Gone.", language="en", words="Left.", made_at=clock.now(), made_by="Ruth")
        session.add(row)
        session.flush()
        return {"words": row.id}


def with_a_password(world: World) -> dict[str, Any]:
    """Ruth has one, and a letter with which she may choose another."""
    with world.database.transaction():
        ruth = roster.by_name_or_phone("ruth")
        ruth.password_hash = HASHED
    config = services(world.app).config
    links = ResetLinks(config.secret_key, config.public_url)
    return {"token": links.url(ruth).rpartition("/")[2]}


def with_factors(world: World, name: str = "ruth") -> dict[str, Any]:
    """They have an app with one-time codes, and a passkey."""
    now = clock.now()
    with world.database.transaction() as session:
        whose = roster.by_name_or_phone(name).id
        session.add(OneTimeCodes(staff_id=whose, secret="x", last_step=0, created_at=now))
        key = {"name": "Phone", "credential_id": name, "public_key": "x", "sign_count": 0}
        passkey = Passkey(staff_id=whose, created_at=now, **key)
        session.add(passkey)
        session.flush()
        return {"passkey": passkey.id}


def dana_has_factors(world: World) -> dict[str, Any]:
    return with_dana(world) | with_factors(world, "dana")


def _id(world: World, name: str) -> int:
    with world.database.reading() as session:
        return session.scalars(select(Staff.id).where(Staff.name == name)).one()


ALARMS = "/settings/alarms"
ON_CALL = "/settings/on-call"
INTAKE = "/intakes/{ref}"
FOLLOW_UP = "/follow-ups/{follow_up}"
PERSON = "/settings/staff/{dana}"
FACTOR = "/account/second-factor"
PERSONAL = "/settings/personal-data"
OF_MATTER = PERSONAL + "?matter={ref}"
VISIT = {"day": "2026-11-24", "from": "09:00", "to": "11:00"}
OWN_MOVE, NEXT = "/pay/{link}/visit/move", "?to=2026-12-01T17:00:00%2B00:00"
OF_RUTH = "/settings/staff/{ruth}"
CHECKLIST = "/settings/checklist"
FIRST = {"code": "{code}", "name": "Ada", "phone": "(415) 555-0177", "email": "ada@example.com"}
NEW = {"name": "Nina", "role": "technician", "phone": "(415) 555-0199", "email": "nina@example.com"}


def dana_and_tomas_work(world: World) -> dict[str, Any]:
    """Both are technicians with a week, and Dana has asked for leave and offered a shift."""
    with world.database.transaction() as session:
        dana, tomas = roster.by_name_or_phone("dana"), roster.by_name_or_phone("tomas")
        for one, hours in ((dana, (time(7), time(12))), (tomas, (time(12), time(16)))):
            week = [WeeklyHours(day, *hours) for day in range(5)]
            shifts.set_week(Command("Ruth"), one, week)
        day = clock.now() + timedelta(days=7)
        leave = leave_and_swaps.ask_leave(dana, Span(day, day + timedelta(days=1)), None)
        change = shifts.add_change(tomas, Span(day, day + timedelta(days=1)), is_on=False)
        starts = shifts_queries.shifts_between(day, day + timedelta(days=2), staff_id=dana.id)[-1].starts_at
        offer = leave_and_swaps.offer_swap(dana, tomas.id, Span(starts, starts + timedelta(hours=2)))
        session.flush()
        ids = {"dana": dana.id, "tomas": tomas.id, "leave": leave.id, "change": change.id, "offer": offer.id}
        return ids | {"starts": starts.isoformat()}


def unchecked(world: World) -> dict[str, Any]:
    """There is nothing to check: the checks ask outside, and have their own tests."""
    services(world.app).keep(Checkup([]))
    return {}


SHIFTS = "/settings/shifts"
OF_DANA = SHIFTS + "/{dana}"
OWN_SHIFTS = "/account/shifts"
PLACES = (
    # An intake
    Place("console.fill_in", INTAKE, INTAKE, ended, {"contact_name": "Rosa Ruiz"}),
    Place(
        "console.work_on_estimate", INTAKE, INTAKE + "/estimate", ended, {"extra_hours": "2", "do": "send"}
    ),
    Place(
        "console.work_on_estimate", INTAKE, INTAKE + "/estimate", ended, {"extra_hours": "2", "do": "keep"}
    ),
    Place("console.withdraw_estimate", INTAKE, INTAKE + "/estimate/{quote}/withdraw", quoted),
    Place(
        "console.send_estimate_again",
        INTAKE,
        INTAKE + "/estimate/{quote}/again",
        bounced,
        {"to": "r@example.com"},
    ),
    Place(
        "console.promise_estimate",
        INTAKE,
        INTAKE + "/estimate/promise",
        ended,
        {"due_at": "2026-11-23T15:00"},
    ),
    Place(
        "console.set_callback_number",
        INTAKE,
        INTAKE + "/callback-number",
        ended,
        {"number": "(510) 555-0199"},
    ),
    Place("console.book_visit", INTAKE, INTAKE + "/booking", paid, VISIT),
    Place("console.book_visit", INTAKE, INTAKE + "/booking", booked, VISIT | {"day": "2026-11-25"}),
    Place(
        "console.cancel_visit",
        INTAKE,
        INTAKE + "/booking/cancel",
        booked,
        {"because": "ours", "words": "The van broke down"},
    ),
    Place("console.assign_visit", "/visits", INTAKE + "/booking/technician", booked, {"technician": "1"}),
    Place("console.decide", INTAKE, INTAKE + "/matter", ended, {"do": "close", "why": "Nothing more"}),
    Place("console.decide", INTAKE, INTAKE + "/matter", closed, {"do": "reopen"}),
    Place("console.refuse_number", INTAKE, INTAKE + "/number", ended, {"do": "refuse", "why": "A robot"}),
    Place("console.refuse_number", "/refused", INTAKE + "/number", refused, {"do": "serve"}),
    Place(
        "console.refund_payment",
        INTAKE,
        INTAKE + "/refunds",
        paid_at_the_till,
        {"dollars": "25", "reason": "One hour was not needed."},
    ),
    Place("console.close_money_task", "/money", "/money/{task}", money_owed),
    # Follow-ups
    Place("console.hand_follow_up", "/follow-ups", FOLLOW_UP + "/owner", followed_up, {"to": "{pedro}"}),
    Place("console.note_follow_up", "/follow-ups", FOLLOW_UP + "/note", followed_up, {"note": "Call at two"}),
    Place("console.close_follow_up", "/follow-ups", FOLLOW_UP + "/end", followed_up, {"ended": "reached"}),
    # A call
    Place("console.hold", INTAKE, "/calls/{ref}/hold", talking),
    Place("console.transfer", INTAKE, "/calls/{ref}/transfer", talking),
    Place("console.hang_up", INTAKE, "/calls/{ref}/hang-up", talking),
    Place("console.recording_pause", INTAKE, "/calls/{ref}/recording-pause", recorded),
    Place("console.bring_in", INTAKE, "/calls/{ref}/bring-in", consulting, who="Dana"),
    Place("console.hand_over", INTAKE, "/calls/{ref}/hand-over", consulting, who="Dana"),
    Place("console.call_back", INTAKE, "/calls/{ref}/call-back", owed),
    # Callbacks
    Place("console.claim", "/callbacks", "/callbacks/{callback}/claim", owed),
    Place("console.ring_now", "/callbacks", "/callbacks/{callback}/call", owed),
    Place(
        "console.postpone", "/callbacks", "/callbacks/{callback}/due", owed, {"due_at": "2026-11-23T15:00"}
    ),
    Place("console.assign", "/callbacks", "/callbacks/{callback}/assign", owed, {"staff": "1"}),
    Place("console.leave_note", "/callbacks", "/intakes/{ref}/notes", owed, {"note": "Ring the site."}),
    Place("console.close", "/callbacks", "/callbacks/{callback}/end", owed, {"reason": "They rang us"}),
    # The board
    Place("console.available", "/", "/staff/{dana}/availability", with_dana),
    # Settings
    Place(
        "console.set_hours",
        "/settings/hours",
        "/settings/hours",
        nothing,
        {"day": "2026-12-24", "do": "save"},
    ),
    Place(
        "console.close_line",
        "/settings/hours",
        "/settings/hours/closing",
        nothing,
        {"at": "2026-11-24T07:00"},
    ),
    Place("console.set_on_call", ON_CALL, ON_CALL, on_call_order, {"is_on": "yes"}),
    Place("console.order_on_call", ON_CALL, ON_CALL + "/order", on_call_order, {"press": "down-{dana}"}),
    Place(
        "console.order_on_call", ON_CALL, ON_CALL + "/order", with_dana, {"press": "add", "person": "{dana}"}
    ),
    Place(
        "console.give_turn",
        ON_CALL,
        ON_CALL + "/turns",
        on_call_order,
        {"staff": "{dana}", "from": "2026-11-24T16:00", "until": "2026-11-25T07:00"},
    ),
    Place("console.add_person", "/settings/staff", "/settings/staff", nothing, NEW),
    Place("console.change_person", PERSON, PERSON, with_dana, {"name": "Dana Wu", "role": "technician"}),
    Place("console.set_password", PERSON, PERSON + "/password", with_dana, {"password": "a long enough one"}),
    Place("console.mail_password", PERSON, PERSON + "/password-letter", with_dana, {"do": "mail"}),
    Place("console.set_pin", OF_RUTH, OF_RUTH + "/pin", with_ruth, {"do": "set", "pin": "481516"}),
    Place("console.set_pin", OF_RUTH, OF_RUTH + "/pin", ruth_has_a_pin, {"do": "clear"}),
    Place("console.set_place", PERSON, PERSON + "/place", with_dana, {"place": "left"}),
    Place("console.link_person", PERSON, PERSON + "/link", with_dana, {"link": "mail"}),
    Place("console.link_person", PERSON, PERSON + "/link", with_dana, {"link": "make"}),
    Place("console.link_person", PERSON, PERSON + "/link", with_dana, {"link": "revoke"}),
    Place("console.try_telephone", PERSON, PERSON + "/test-ring", with_dana),
    Place("console.end_log_ins_of", PERSON, PERSON + "/log-ins", dana_in_the_console, {"end": "all"}),
    Place("console.end_log_ins", "/account/log-ins", "/account/log-ins", ruth_elsewhere, {"end": "others"}),
    Place("console.set_money", "/settings/prices", "/settings/prices", nothing, {"hourly_rate_cents": "175"}),
    Place("console.set_calls", "/settings/calls", "/settings/calls", nothing, {"ring_seconds": "25"}),
    Place(
        "console.set_visits", "/settings/visits", "/settings/visits", nothing, {"visit_drive_seconds": "45"}
    ),
    Place(
        "console.set_robots", "/settings/robots", "/settings/robots", nothing, {"silent_minutes_a_day": "30"}
    ),
    Place(
        "console.set_follow_ups",
        "/settings/follow-ups",
        "/settings/follow-ups",
        nothing,
        {"follow_up_unpaid_days": "3"},
    ),
    Place(
        "console.set_dialing", "/settings/dialing", "/settings/dialing", nothing, {"dial_hour_limit": "90"}
    ),
    Place(
        "console.set_company", "/settings/company", "/settings/company", nothing, {"company_name": "Ring Co"}
    ),
    Place(
        "console.set_prompt_words",
        "/settings/prompts/{prompt}",
        "/settings/prompts/{prompt}/en/words",
        with_a_prompt,
        {"do": "save", "words": "This is [company]."},
    ),
    Place(
        "console.remove_prompt_words",
        "/settings/prompts",
        "/settings/prompts/words/{words}/remove",
        with_left_words,
    ),
    Place(
        "console.upload_prompt",
        "/settings/prompts/{prompt}",
        "/settings/prompts/{prompt}/en",
        with_a_prompt,
        files={"sound": wav()},
    ),
    Place(
        "console.call_me_with_prompt",
        "/settings/prompts/{prompt}",
        "/settings/prompts/{prompt}/en/call",
        with_a_prompt,
    ),
    Place(
        "console.remove_prompt",
        "/settings/prompts/{prompt}",
        "/settings/prompts/recordings/{recording}/remove",
        with_a_recording,
    ),
    Place("console.erase_person", OF_MATTER, PERSONAL + "/erase", closed, {"confirmed": "yes"}),
    Place(
        "console.hold_person",
        OF_MATTER,
        PERSONAL + "/hold",
        ended,
        {"why": "A dispute", "until": "2027-06-01"},
    ),
    Place("console.lift_hold", PERSONAL, PERSONAL + "/holds/{hold}/lift", held),
    Place("console.note_person_request", OF_MATTER, PERSONAL + "/requests", ended, {"kind": "erase"}),
    Place(
        "console.decline_person_request",
        PERSONAL,
        PERSONAL + "/requests/{request}/decline",
        asked_of_us,
        {"do": "decline"},
    ),
    Place("console.acknowledge_alarm", "/alarms", "/alarms/1", no_operator_alarm, {"do": "acknowledge"}),
    Place("console.set_alarms", ALARMS, ALARMS, nothing, {"alarm_wait_seconds": "45"}),
    Place(
        "console.add_alarm_channel",
        ALARMS,
        ALARMS + "/channels",
        nothing,
        {"kind": "mail", "to": "ruth@example.com"},
    ),
    *(
        Place(
            "console.change_alarm_channel", ALARMS, ALARMS + "/channels/1", with_a_channel, {"press": press}
        )
        for press in ("test", "remove")
    ),
    Place(
        "console.change_alarm_channel",
        ALARMS,
        ALARMS + "/channels/1",
        with_a_channel,
        {"press": "save", "step": "2"},
    ),
    Place("console.make_wall_link", ALARMS, ALARMS + "/wall", nothing, {"wall": "Front desk"}),
    Place("console.revoke_wall_link", ALARMS, ALARMS + "/wall/1", with_a_wall, {"do": "close"}),
    Place("console.take_factor", PERSON, PERSON + "/second-factor", dana_has_factors, {"do": "take_away"}),
    # The first run
    Place(
        "console.make_first_owner",
        "/setup",
        "/setup",
        nobody_here,
        FIRST | {"password": "a long enough one", "again": "a long enough one"},
        who="the customer",
    ),
    Place("console.check_item", CHECKLIST, CHECKLIST, nothing, {"say": "hours"}),
    Place("console.check_item", CHECKLIST, CHECKLIST, nothing, {"check": "mail"}),
    Place("console.check_item", CHECKLIST, CHECKLIST, nothing, {"check": "number"}),
    Place("console.check_health", "/settings/health", "/settings/health", unchecked, {"check": "all"}),
    # Shifts
    Place(
        "console.set_week",
        OF_DANA,
        OF_DANA + "/week",
        with_dana,
        {"starts_0_0": "07:00", "ends_0_0": "12:00", "do": "save"},
    ),
    Place(
        "console.add_change", OF_DANA, OF_DANA + "/changes", with_dana, {"first": "2026-12-01", "do": "off"}
    ),
    Place(
        "console.give_shift",
        OF_DANA,
        OF_DANA + "/give",
        dana_and_tomas_work,
        {"shift": "{starts}", "taker": "{tomas}", "do": "give"},
    ),
    Place("console.decide_leave", SHIFTS, SHIFTS + "/requests/{leave}", dana_and_tomas_work, {"do": "yes"}),
    Place(
        "console.take_back_change",
        SHIFTS + "/{tomas}",
        SHIFTS + "/changes/{change}/take-back",
        dana_and_tomas_work,
        {"do": "take_back"},
    ),
    Place(
        "console.act_on_own_shifts",
        OWN_SHIFTS,
        OWN_SHIFTS,
        nothing,
        {"first": "2026-12-01", "do": "leave"},
        who="Dana",
    ),
    Place(
        "console.act_on_own_shifts",
        OWN_SHIFTS,
        OWN_SHIFTS,
        dana_and_tomas_work,
        {"request": "{offer}", "do": "accept"},
        who="Tomas",
    ),
    Place(
        "pocket.act_on_shifts",
        "/t/shifts",
        "/t/shifts",
        nothing,
        {"first": "2026-12-01", "do": "leave"},
        who="the link",
    ),
    # One's own account
    Place(
        "console.ask_for_reset",
        "/login/forgot",
        "/login/forgot",
        with_a_password,
        {"email": "ruth@example.com"},
        who="the customer",
    ),
    Place(
        "console.reset_password",
        "/login/reset/{token}",
        "/login/reset/{token}",
        with_a_password,
        {"password": "another long one"},
        who="the customer",
    ),
    Place(
        "console.change_own_password",
        "/account/password",
        "/account/password",
        with_a_password,
        {"old": PASSWORD, "password": "another long one", "again": "another long one"},
    ),
    Place(
        "console.set_own_pin",
        "/account/calls",
        "/account/calls/pin",
        with_a_password,
        {"pin": "481516", "old": PASSWORD},
    ),
    Place("console.switch_codes", FACTOR, FACTOR + "/codes", with_factors, {"do": "off"}),
    Place("console.remove_passkey", FACTOR, FACTOR + "/passkeys/{passkey}/remove", with_factors),
    Place("console.make_recovery_codes", FACTOR, FACTOR + "/recovery-codes", with_factors),
    Place("console.renew_own_calendar", "/account/calendar", "/account/calendar", nothing, {"do": "renew"}),
    Place("console.close_calendar_of", PERSON, PERSON + "/calendar", with_dana, {"do": "close"}),
    # A technician's own page
    Place("pocket.renew_calendar", "/t", "/t/calendar", nothing, {"do": "renew"}, who="the link"),
    Place("pocket.available", "/t", "/t/available", nothing, {"on": "0"}, who="the link"),
    Place("pocket.available", "/t", "/t/available", nothing, {"for": "60"}, who="the link"),
    Place("pocket.pin", "/t", "/t/pin", nothing, {"pin": "481516"}, who="the link"),
    Place(
        "pocket.answer_about_time", "/t", "/t/time/{check}", asked_about_time, {"hours": "1"}, who="the link"
    ),
    Place("pocket.fill_in", "/t/{ref}", "/t/{ref}", talking, {"contact_name": "Rosa Ruiz"}, who="the link"),
    Place("pocket.mark_visit", "/t", "/t/{ref}/visit", danas, {"mark": "on_the_way"}, who="the link"),
    # The customer
    Place("portal.move_visit", OWN_MOVE + NEXT, OWN_MOVE, own_visit, who="the customer"),
    Place(
        "portal.cancel_own_visit",
        "/pay/{link}/visit/cancel",
        "/pay/{link}/visit/cancel",
        own_visit,
        who="the customer",
    ),
    Place("portal.again", "/pay/{link}", "/pay/{link}/again", replaced, who="the customer"),
    Place("portal.no_reminders", "/pay/{link}", "/pay/{link}/no-reminders", followed_up, who="the customer"),
    Place("payments.checkout", "/pay/{link}", "/pay/{link}/checkout", own_link, who="the customer"),
    *(
        Place(
            "sandbox_till.press",
            "/sandbox-till/{till}",
            "",
            at_the_till,
            {"press": press},
            who="the customer",
        )
        for press in ("pay", "twice", "later")
    ),
    Place(
        "sandbox_till.press",
        "/sandbox-till/{till}",
        "",
        paid_at_the_till,
        {"press": "part"},
        who="the customer",
    ),
)

#: Not forms of an act: what they do twice is what they do once.
NO_ACTS = {
    *("console.log_in", "console.take_second_step", "console.log_in_by_passkey", "console.logout"),
    *("console.take_confirmation", "pocket.close"),
    *("console.find_person", "console.export_person"),  # a look, and the same file again
    "console.add_passkey",  # its answer fits one challenge, which is taken once: tests/web/console/test_second_step.py
}
