"""One-time codes, recovery codes and passkeys: what opens, what opens once, and what opens nothing."""

from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.company.staff.second_factor import one_time_codes, passkeys, recovery_codes
from ivr.company.staff.second_factor import service as second_factor
from ivr.company.staff.second_factor.models import OneTimeCodes, RecoveryCode
from ivr.company.staff.second_factor.passkeys import BadPasskeyError
from ivr.company.staff.second_factor.relying_party import RelyingParty, relying_party
from ivr.core import clock
from ivr.core.sealing import opened, sealed
from tests.support.authenticator import PRESENT, VERIFIED, Authenticator
from tests.support.world import World

KEY = "k" * 40
PARTY = RelyingParty("line.test", "https://line.test")
CHALLENGE, ANOTHER = b"c" * 32, b"d" * 32


def person(name: str = "olive") -> Staff:
    return roster.by_name_or_phone(name)


def has_app(staff: Staff) -> pyotp.TOTP:
    """They have scanned the code, and typed what the app showed half a minute ago."""
    secret = one_time_codes.new_secret()
    app = pyotp.TOTP(secret)
    offer = one_time_codes.offer(KEY, staff.id, secret)
    code = app.at(clock.now() - timedelta(seconds=30))
    second_factor.switch_on_codes(staff, staff, keys=KEY, offer=offer, code=code, but=0)
    return app


def test_a_code_opens_once_and_only_while_it_is_new(world: World) -> None:
    with world.database.transaction():
        app, olive = has_app(person()), person()

        def opens(code: str, staff: Staff = olive, key: str = KEY) -> bool:
            return one_time_codes.accept(key, staff.id, code)

        now = app.at(clock.now())
        assert not opens(app.at(clock.now() - timedelta(seconds=30))), "it has switched the codes on"
        assert not opens(now, person("ruth")), "it is Olive's"
        assert not opens(now, key="another key" * 4), "a key that is lost opens nothing, and breaks nothing"
        assert opens(f" {now[:3]} {now[3:]} "), "as the app shows it"
        assert not opens(now)
        assert opens(app.at(clock.now() + timedelta(seconds=30))), "the person's clock is ahead"
        for wrong in ("", "12345", now + "0", "١٢٣٤٥٦", app.at(clock.now() - timedelta(minutes=1)), "\0"):
            assert not opens(wrong)


def test_the_secret_is_nowhere_in_clear(world: World) -> None:
    with world.database.transaction() as session:
        app = has_app(person())
        row = session.scalars(select(OneTimeCodes)).one()
        assert app.secret not in row.secret
        session.add(
            OneTimeCodes(staff_id=person("ruth").id, secret=row.secret, last_step=0, created_at=clock.now())
        )
        session.flush()
        now = app.at(clock.now())
        assert not one_time_codes.accept(KEY, person("ruth").id, now), "copied to another, it opens nothing"


def test_what_is_sealed_opens_in_time_for_its_purpose(sqlite_alone: str) -> None:
    assert sqlite_alone
    with time_machine.travel("2026-11-23T17:00:00Z", tick=False) as traveller:
        kept = sealed(KEY, "one", "a secret")
        assert opened(KEY, "one", kept, within=timedelta(minutes=1)) == "a secret"
        assert opened(KEY, "another", kept) is None
        assert opened(KEY, "one", "no such thing") is None
        traveller.shift(timedelta(minutes=1, seconds=1))
        assert opened(KEY, "one", kept, within=timedelta(minutes=1)) is None


def test_a_recovery_code_opens_once_however_it_is_typed(world: World) -> None:
    with world.database.transaction() as session:
        olive, ruth = person(), person("ruth")
        first, second, *others = recovery_codes.make(olive.id)
        assert len({first, second, *others}) == recovery_codes.HOW_MANY
        kept = " ".join(session.scalars(select(RecoveryCode.digest)))
        assert first not in kept
        assert not recovery_codes.use(ruth.id, first)
        assert recovery_codes.use(olive.id, f" {first.upper().replace('-', ' ')}")
        assert not recovery_codes.use(olive.id, first)
        for wrong in ("", "-", "\0", "\ud800", "x" * 5000):
            assert not recovery_codes.use(olive.id, wrong)
        assert recovery_codes.left(olive.id) == 9
        recovery_codes.make(olive.id)
        assert not recovery_codes.use(olive.id, second), "new ones replace the old"


def test_recovery_codes_come_with_the_first_factor_and_go_with_the_last(world: World) -> None:
    with world.database.transaction():
        olive = person()
        secret = one_time_codes.new_secret()
        offer, code = one_time_codes.offer(KEY, olive.id, secret), pyotp.TOTP(secret).at(clock.now())
        with pytest.raises(one_time_codes.WrongCodeError):
            second_factor.switch_on_codes(olive, olive, keys=KEY, offer=offer, code="12345", but=0)
        with pytest.raises(one_time_codes.StaleOfferError):
            one_time_codes.offered(KEY, person("ruth").id, offer)
        assert not second_factor.is_on(olive.id)
        made = second_factor.switch_on_codes(olive, olive, keys=KEY, offer=offer, code=code, but=0)
        assert len(made) == 10
        device = Authenticator()
        answer = device.makes(CHALLENGE)
        more = second_factor.add_passkey(
            olive, olive, PARTY, CHALLENGE, answer=answer, name="My phone", but=0
        )
        assert more == [], "they have some"
        second_factor.switch_off_codes(olive, olive, but=0)
        assert recovery_codes.left(olive.id) == 10
        [passkey] = passkeys.of(olive.id)
        second_factor.remove_passkey(olive, olive, passkey.id, but=0)
        assert recovery_codes.left(olive.id) == 0


def test_who_must_have_a_factor_keeps_the_last(world: World) -> None:
    with world.database.transaction():
        has_app(person())
        policy.change("second_factor_operators", "yes", Command("tests"))
    with pytest.raises(second_factor.DemandedError), world.database.transaction():
        second_factor.switch_off_codes(person(), person(), but=0)
    with world.database.transaction():
        assert second_factor.is_demanded(person().role)
        assert not second_factor.is_demanded(person("dana").role)
        second_factor.take_away(person("ruth"), person())
        assert not second_factor.is_on(person().id), "the owner may: they set up another at the next log-in"
        with pytest.raises(second_factor.NoFactorError):
            second_factor.take_away(person("ruth"), person())


def test_a_passkey_opens_for_whoever_made_it(world: World) -> None:
    with world.database.transaction():
        olive, device = person(), Authenticator(signed=3)
        passkeys.add(olive, PARTY, CHALLENGE, answer=device.makes(CHALLENGE), name=" My  phone ")
        assert [one.name for one in passkeys.of(olive.id)] == ["My phone"]
        for whose in (olive.id, None):
            answer = device.signs(ANOTHER)
            assert passkeys.accept(PARTY, ANOTHER, answer, whose) == olive.id
        refused = [
            (device.signs(ANOTHER), CHALLENGE, None),  # it was not asked this
            (device.signs(ANOTHER, rp_id="evil.test"), ANOTHER, None),
            (Authenticator(id=device.id, signed=90).signs(ANOTHER), ANOTHER, None),  # another key
            (Authenticator().signs(ANOTHER), ANOTHER, None),
            (device.signs(ANOTHER), ANOTHER, person("ruth").id),
        ]
        for answer, asked, who in refused:
            with pytest.raises(BadPasskeyError):
                passkeys.accept(PARTY, asked, answer, who)
        device.signed = 4  # a copy of the device signs for the fifth time once more
        with pytest.raises(BadPasskeyError):
            passkeys.accept(PARTY, ANOTHER, device.signs(ANOTHER), None)


def test_a_passkey_is_made_here_by_somebody_who_unlocks_it(world: World) -> None:
    devices = {
        "phished": Authenticator(origin="https://evil.test"),
        "not encrypted": Authenticator(origin="http://line.test"),
        "not unlocked": Authenticator(flags=PRESENT),
        "nobody there": Authenticator(flags=VERIFIED),
        "counts too far": Authenticator(signed=2**32 - 1),
        "too long": Authenticator(id=b"x" * 1060),
    }
    with world.database.transaction():
        for why, device in devices.items():
            with pytest.raises(BadPasskeyError):
                passkeys.add(person(), PARTY, CHALLENGE, answer=device.makes(CHALLENGE), name=why)


HOSTILE = (
    "",
    "{",
    "[]",
    "null",
    "1",
    '"id"',
    "[" * 5000,
    "{}",
    '{"id": 1}',
    '{"id": "\\u0000"}',
    '{"id": "a"}',
    "x" * 30_000,
)


def test_what_is_no_passkey_is_refused_in_words(world: World) -> None:
    good = Authenticator()
    answers = [*HOSTILE]
    for part in ("clientDataJSON", "attestationObject", "authenticatorData", "signature"):
        for junk in ("", "!", "AAAA", "9" * 400, "oWNmbXRkbm9uZQ"):
            make = good.makes if part == "attestationObject" else good.signs
            answers.append(make(CHALLENGE).replace(f'"{part}": "', f'"{part}": "{junk}'))
    with world.database.transaction():
        passkeys.add(person(), PARTY, CHALLENGE, answer=good.makes(CHALLENGE), name="Phone")
        for answer in answers:
            with pytest.raises(BadPasskeyError):
                passkeys.add(person(), PARTY, CHALLENGE, answer=answer, name="Phone")
            with pytest.raises(BadPasskeyError):
                passkeys.accept(PARTY, CHALLENGE, answer, None)
        with pytest.raises(BadPasskeyError):  # the same device once more
            passkeys.add(person("ruth"), PARTY, CHALLENGE, answer=good.makes(CHALLENGE), name="Phone")
        for name in ("", " ", "x" * 61, "a\0"):
            with pytest.raises(passkeys.PasskeyNameError):
                passkeys.add(person(), PARTY, CHALLENGE, answer=Authenticator().makes(CHALLENGE), name=name)


@pytest.mark.parametrize(
    ("url", "id_"),
    [
        ("https://line.example/", "line.example"),
        ("https://line.example:8443", "line.example"),
        ("http://localhost:8000", "localhost"),
        ("http://127.0.0.1:8000", None),
        ("https://[::1]", None),
        ("http://line.example", None),
    ],
)
def test_where_browsers_make_passkeys(url: str, id_: str | None) -> None:
    party = relying_party(url)
    assert (party and party.id) == id_
