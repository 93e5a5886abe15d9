"""The one-time code with which a browser makes the first owner.

Only whoever runs the service sees it: each web prints it when it starts, and ``staff setup-code`` makes another. It
follows from ``SECRET_KEY`` and a nonce in the database. So every process says the same one, at each start, and a copy
of the database tells nobody the code. Why not a hash: docs/decisions/0036-first-run.md.
"""

import hashlib
import hmac
import secrets
from typing import Final

from sqlalchemy import delete

from ivr.company.first_run.models import SetupCode
from ivr.core import clock
from ivr.core.db import changed, insert_once, session
from ivr.core.sealing import Keys

_THE_ROW: Final = 1
#: No vowels, so no words, and no digits: a log masks what looks like a telephone number.
_LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"
#: 15 of 20 letters are 64 bits.
_GROUPS, _IN_GROUP = 3, 5


def current(keys: Keys) -> str:
    """Return the code that is valid, and make one where there is none."""
    return _code(_signing(keys), _kept().nonce)


def new(keys: Keys) -> str:
    """Return another code; the one before is valid no more."""
    kept = _kept()
    kept.nonce, kept.made_at = secrets.token_hex(16), clock.now()
    session.flush()
    return _code(_signing(keys), kept.nonce)


def use_up(typed: str, keys: Keys) -> bool:
    """Whether this is the code. Then it is valid no more; of two who type it at once, one has it."""
    kept = session.get(SetupCode, _THE_ROW)
    letters = "".join(one for one in typed.upper() if one.isalpha())
    if kept is None or not any(_is(letters, _code(key, kept.nonce)) for key in _all(keys)):
        return False
    mine = SetupCode.id == _THE_ROW, SetupCode.nonce == kept.nonce
    return changed(delete(SetupCode).where(*mine), in_session=False) == 1


def _kept() -> SetupCode:
    kept = session.get(SetupCode, _THE_ROW)
    if kept is None:
        insert_once(SetupCode, id=_THE_ROW, nonce=secrets.token_hex(16), made_at=clock.now())
        kept = session.get_one(SetupCode, _THE_ROW)  # another process may have been faster
    return kept


def _is(letters: str, code: str) -> bool:
    return hmac.compare_digest(letters.encode(), code.replace("-", "").encode())


def _code(key: str, nonce: str) -> str:
    digest = hmac.digest(key.encode(), f"set-up code {nonce}".encode(), hashlib.sha256)
    number, letters = int.from_bytes(digest, "big"), ""
    for _ in range(_GROUPS * _IN_GROUP):
        number, at = divmod(number, len(_LETTERS))
        letters += _LETTERS[at]
    return "-".join(letters[at : at + _IN_GROUP] for at in range(0, len(letters), _IN_GROUP))


def _all(keys: Keys) -> tuple[str, ...]:
    return (keys,) if isinstance(keys, str) else tuple(keys)


def _signing(keys: Keys) -> str:
    return _all(keys)[-1]
