"""Passkeys (WebAuthn): the browser asks the person for a finger, a face or a PIN, and signs our challenge.

So a passkey is two factors in one: it needs the device, and what unlocks it. A challenge is answered once; the page
that gives it out keeps it.
"""

import json
import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

from sqlalchemy import delete, func, select, update

from ivr.company.staff.models import Staff
from ivr.company.staff.second_factor.models import Passkey
from ivr.company.staff.second_factor.relying_party import RelyingParty
from ivr.core import clock
from ivr.core.db import changed, session
from ivr.core.errors import Refusal

T = TypeVar("T")

MOST: Final = 10
LONGEST_NAME: Final = 60
#: What a browser sends has some 2,000 characters.
_LONGEST_ANSWER: Final = 20_000
_LONGEST_KEY: Final = 1400
_LARGEST_COUNT: Final = 2**31 - 1
_ID: Final = re.compile(r"[\w-]{1,1400}", re.ASCII)


class BadPasskeyError(Refusal):
    message = "The passkey could not be checked. Nothing was changed. Try again."


class PasskeyNameError(Refusal):
    message = "Give the passkey a name of 1 to 60 characters, such as the device that it is on."


class TooManyPasskeysError(Refusal):
    message = "There are ten passkeys already. Remove one first."


def options_to_add(staff: Staff, party: RelyingParty, company: str, challenge: bytes) -> dict[str, Any]:
    """Return what the browser needs to make a passkey, as ``PublicKeyCredentialCreationOptionsJSON``."""
    from webauthn import generate_registration_options  # noqa: PLC0415  # a quarter of a second, and few need it
    from webauthn.helpers import structs  # noqa: PLC0415

    options = generate_registration_options(
        rp_id=party.id,
        rp_name=company,
        user_id=f"staff {staff.id}".encode(),
        user_name=staff.email,
        user_display_name=staff.name,
        challenge=challenge,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(staff.id),
    )
    return _as_json(options)


def add(staff: Staff, party: RelyingParty, challenge: bytes, *, answer: str, name: str) -> Passkey:
    """Keep the passkey that the browser has made for this challenge.

    Raises BadPasskeyError, PasskeyNameError, TooManyPasskeysError.
    """
    from webauthn import verify_registration_response  # noqa: PLC0415
    from webauthn.helpers import bytes_to_base64url  # noqa: PLC0415

    name = " ".join(name.split())
    if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
        raise PasskeyNameError
    if len(of(staff.id)) >= MOST:
        raise TooManyPasskeysError
    made = _checked(
        answer,
        lambda: verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        ),
    )
    credential_id = bytes_to_base64url(made.credential_id)
    public_key = bytes_to_base64url(made.credential_public_key)
    is_known = session.scalar(select(Passkey.id).where(Passkey.credential_id == credential_id))
    too_long = max(len(credential_id), len(public_key)) > _LONGEST_KEY or made.sign_count > _LARGEST_COUNT
    if is_known or too_long:
        raise BadPasskeyError
    passkey = Passkey(
        staff_id=staff.id,
        name=name,
        credential_id=credential_id,
        public_key=public_key,
        sign_count=made.sign_count,
        created_at=clock.now(),
    )
    session.add(passkey)
    session.flush()
    return passkey


def options_to_log_in(party: RelyingParty, challenge: bytes, staff_id: int | None) -> dict[str, Any]:
    """Return what the browser needs to sign, as ``PublicKeyCredentialRequestOptionsJSON``.

    Without ``staff_id`` any passkey for this service may be chosen.
    """
    from webauthn import generate_authentication_options  # noqa: PLC0415
    from webauthn.helpers.structs import UserVerificationRequirement  # noqa: PLC0415

    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        allow_credentials=_descriptors(staff_id) if staff_id is not None else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _as_json(options)


def accept(party: RelyingParty, challenge: bytes, answer: str, staff_id: int | None) -> int:
    """Return whose passkey has signed the challenge: the id of ``staff_id``, or of anybody. Raises BadPasskeyError."""
    from webauthn import verify_authentication_response  # noqa: PLC0415
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415

    named = _checked(answer, lambda: _ID.fullmatch(json.loads(answer)["id"]))
    passkey = session.scalar(select(Passkey).where(Passkey.credential_id == named[0])) if named else None
    if passkey is None or staff_id not in {None, passkey.staff_id}:
        raise BadPasskeyError
    counted = passkey.sign_count
    signed = _checked(
        answer,
        lambda: verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=counted,
            require_user_verification=True,
        ),
    )
    mine = Passkey.id == passkey.id, Passkey.sign_count == counted
    now_counted = {"sign_count": signed.new_sign_count, "used_at": clock.now()}
    if (
        signed.new_sign_count > _LARGEST_COUNT
        or changed(update(Passkey).where(*mine).values(now_counted)) != 1
    ):
        raise BadPasskeyError
    return passkey.staff_id


def of(staff_id: int) -> list[Passkey]:
    """Return the passkeys of this person, the oldest first."""
    return list(session.scalars(select(Passkey).where(Passkey.staff_id == staff_id).order_by(Passkey.id)))


def remove(staff_id: int, passkey_id: int) -> str | None:
    """Forget one passkey of this person and return its name; None when they have no such one."""
    mine = Passkey.staff_id == staff_id, Passkey.id == passkey_id
    name: str | None = session.scalar(delete(Passkey).where(*mine).returning(Passkey.name))
    return name


def remove_all(staff_id: int) -> int:
    """Forget the passkeys of this person and return how many there were."""
    return changed(delete(Passkey).where(Passkey.staff_id == staff_id))


def how_many(staff_id: int) -> int:
    """Return how many passkeys this person has."""
    mine = select(func.count()).select_from(Passkey).where(Passkey.staff_id == staff_id)
    return session.scalar(mine) or 0


def _descriptors(staff_id: int) -> list[Any]:
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor  # noqa: PLC0415

    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id)) for one in of(staff_id)]


def _as_json(options: Any) -> dict[str, Any]:
    from webauthn import options_to_json  # noqa: PLC0415

    told: dict[str, Any] = json.loads(options_to_json(options))
    return told


def _checked(answer: str, check: Callable[[], T]) -> T:
    """Return what ``check`` finds in the browser's answer. Raises BadPasskeyError."""
    if len(answer) > _LONGEST_ANSWER:
        raise BadPasskeyError
    try:
        return check()
    except Exception as wrong:
        # The library lets faults of six parsers through: whatever cannot be read is not a passkey.
        raise BadPasskeyError from wrong
