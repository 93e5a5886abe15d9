"""Whoever's log-in is changed is told by a letter; a forgotten password is chosen anew by one, once."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import event, select

from ivr.company.mail.rendering import render
from ivr.company.policy.rules import Policy
from ivr.company.policy.service import Command
from ivr.company.staff import changes, password_reset, passwords, roster
from ivr.company.staff.models import Staff
from ivr.company.staff.notices import Change
from ivr.company.staff.password_reset import LASTS, LinkUsedError, ResetLinks
from ivr.company.staff.second_factor import recovery_codes
from ivr.company.staff.second_factor import service as second_factor
from ivr.company.staff.second_factor.models import OneTimeCodes
from ivr.core import clock
from ivr.core.db import session
from tests.support.world import World

LINKS = ResetLinks("k" * 40, "https://line.test")
BY = Command("tests")
NEW = "another long one"


def person(name: str) -> Staff:
    return roster.by_name_or_phone(name)


def changed(staff: Staff, **other: str) -> None:
    typed = {"name": staff.name, "role": staff.role, "phone": staff.phone, "email": staff.email, **other}
    changes.change(BY, staff, **typed, languages=staff.languages)


def has_factor(staff: Staff) -> None:
    session.add(OneTimeCodes(staff_id=staff.id, secret="x", last_step=0, created_at=clock.now()))
    session.flush()


def uses_recovery_code(staff: Staff) -> None:
    assert second_factor.accept(staff, recovery_codes.make(staff.id)[0], keys="k")


def loses_factor(staff: Staff) -> None:
    has_factor(staff)
    second_factor.take_away(BY, staff)


TOLD: dict[str, tuple[Callable[[Staff], object], list[str], str]] = {
    "password": (
        lambda olive: changes.set_password(BY, olive, NEW),
        ["olive@example.com"],
        "You have a new password.",
    ),
    "email": (
        lambda olive: changed(olive, email="new@example.com"),
        ["new@example.com", "olive@example.com"],
        "You now log in with the email address new@example.com.",
    ),
    "role": (lambda olive: changed(olive, role="owner"), ["olive@example.com"], "Your role is now owner."),
    "recovery code": (uses_recovery_code, ["olive@example.com"], "Codes left: 9."),
    "factor": (loses_factor, ["olive@example.com"], "Your second factor was removed."),
    "name": (lambda olive: changed(olive, name="Olive Oyl"), [], ""),
}


def test_every_change_is_told_to_whom_it_concerns(world: World) -> None:
    for change, to, words in TOLD.values():
        before = len(world.letters())
        with world.database.transaction():
            change(person("+14155550121"))
        world.exchange.settle()
        letters = world.letters()[before:]
        assert sorted(one.to for one in letters) == to
        for letter in letters:
            assert words in " ".join(letter.text.split())
            assert "Changed by:" in letter.text
        with world.database.transaction():  # for the next one
            person("+14155550121").email = "olive@example.com"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_letter_has_a_sentence_for_every_change(world: World, language: str) -> None:
    values = {"company": Policy(), "address": "https://line.test", "name": "Ana", "by": "Ruth"}
    values |= {"at": clock.now().isoformat(), "detail": 'Ana\'s <phone> & "key"'}
    with world.database.reading():
        letters = {one: render("account_changed", language, values | {"what": one}) for one in Change}
    sentences = {letter.text.split("\n\n")[1] for letter in letters.values()}
    assert len(sentences) == len(Change)
    assert all(sentence.strip() for sentence in sentences)
    html = letters[Change.PASSKEY_ADDED].html
    assert "Ana&#39;s &lt;phone&gt; &amp; &#34;key&#34;" in html
    assert 'Ana\'s <phone> & "key"' in letters[Change.PASSKEY_ADDED].text


def has_password(world: World, name: str) -> None:
    with world.database.transaction():
        person(name).password_hash = passwords.password_hash("the old long one")


def link(world: World, name: str) -> str:
    with world.database.reading():
        return LINKS.url(person(name)).rpartition("/")[2]


def resets(world: World, token: str) -> None:
    with world.database.transaction():
        password_reset.reset(token, NEW, LINKS)


def test_a_forgotten_password_is_chosen_anew_once(world: World) -> None:
    has_password(world, "tomas")
    with world.database.transaction():
        password_reset.ask("Tomas@Example.com ")
    world.exchange.settle()
    [letter] = world.letters()
    assert (letter.to, letter.language) == ("tomas@example.com", "es")
    assert "pidió una contraseña nueva" in letter.text
    assert re.search(r"https://line\.test/login/reset/\S+", letter.text)
    token = link(world, "tomas")
    resets(world, token)
    with world.database.reading():
        assert passwords.check_password(person("tomas"), NEW)
    with pytest.raises(LinkUsedError):
        resets(world, token)


def test_a_link_ends_with_its_half_hour_and_with_what_it_was_made_for(world: World) -> None:
    has_password(world, "olive")
    late, moved, left = (link(world, "olive") for _ in range(3))
    with world.database.reading():
        assert LINKS.read(late).name == "Olive"
        for wrong in ("", late[:-1], late + "x", "x" * 5000, "\0", late.replace(".", "/")):
            with pytest.raises(LinkUsedError):
                LINKS.read(wrong)
    with world.database.transaction():
        person("olive").email = "other@example.com"
    with world.database.reading(), pytest.raises(LinkUsedError):
        LINKS.read(moved)
    with world.database.transaction():
        person("olive").email, person("olive").is_active = "olive@example.com", False
    with world.database.reading(), pytest.raises(LinkUsedError):
        LINKS.read(left)
    with world.database.transaction():
        person("olive").is_active = True
    world.advance(LASTS.total_seconds() + 1)
    with world.database.reading(), pytest.raises(LinkUsedError):
        LINKS.read(late)


def test_a_link_from_before_somebody_left_opens_nothing_when_they_are_back(world: World) -> None:
    has_password(world, "olive")
    token = link(world, "olive")
    for is_here in (False, True):
        with world.database.transaction():
            changes.set_active(BY, person("olive"), on=is_here)
    with pytest.raises(LinkUsedError):
        resets(world, token)


def test_of_two_who_use_a_link_at_once_one_has_the_password(world: World) -> None:
    has_password(world, "olive")
    token = link(world, "olive")
    together, told = Barrier(2), []

    def chooses(password: str) -> None:
        try:
            with world.app.app_context(), world.database.transaction():
                if world.database.engine.dialect.name == "postgresql":  # on SQLite one writes after the other
                    together.wait()
                password_reset.reset(token, password, LINKS)
        except LinkUsedError:
            told.append("used already")
        else:
            told.append(password)

    both = [Thread(target=chooses, args=[f"{NEW} {one}"]) for one in "ab"]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert "used already" in told
    with world.database.reading():
        assert [one for one in told if passwords.check_password(person("olive"), one)]


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """Those that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(world.database.engine, "before_cursor_execute", note)


def test_the_work_is_the_same_for_whom_nobody_knows(world: World) -> None:
    has_password(world, "olive")
    done = []
    for address in ("olive@example.com", "nobody@example.com", "dana@example.com"):  # Dana has no password
        with statements(world) as sent, world.database.transaction():
            password_reset.ask(address)
        done.append(sent)
        world.advance(timedelta(minutes=2).total_seconds())
    assert done[0] == done[1] == done[2]
    assert done[0]
    assert [one.to for one in world.letters()] == ["olive@example.com"]


def test_nobody_who_has_left_gets_the_letter(world: World) -> None:
    has_password(world, "olive")
    with world.database.transaction():
        olive = session.scalars(select(Staff).where(Staff.name == "Olive")).one()
        olive.is_active = False
        password_reset.post(olive.id, LINKS)
    world.exchange.settle()
    assert world.letters() == []
