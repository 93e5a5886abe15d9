"""How old the last good copy of the database is."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from ivr.backoffice.checks.finding import Finding, ok, warning, wrong
from ivr.core import clock
from ivr.operations.backups import service as backups
from ivr.services import Services

#: One is made each night. A night that failed is a warning, two are a fault.
_ONE, _TWO = timedelta(hours=27), timedelta(hours=51)
_LOOK: Final = "See how they went: flask --app ivr db backups."


def check_backups(ours: Services) -> Iterator[Finding]:
    """Look at the record of the nightly copies. A desk needs none."""
    config = ours.config
    if not config.backup_to:
        if config.is_production:
            yield warning("No copy of the database is made by itself.", "Set BACKUP_TO (docs/operations.md).")
        return
    with ours.database.reading():
        last = backups.last_good_backup()
        age = clock.now() - last.ended_at if last and last.ended_at else None
        is_new = age is None and not backups.latest(1)
    yield of_age(age, is_new=is_new)


def of_age(age: timedelta | None, *, is_new: bool) -> Finding:
    """Return what it means that the last good copy is so old. ``is_new``: none has been tried yet."""
    if age is None:
        if is_new:
            return warning("No copy has been made yet.", "Make one now: flask --app ivr db backups --now.")
        return wrong("There is no good copy of the database.", _LOOK)
    hours = age / timedelta(hours=1)
    old = "less than an hour" if hours < 1 else f"{hours:.0f} hours"
    words = f"The last good copy of the database is {old} old."
    if age > _TWO:
        return wrong(words, _LOOK)
    return warning(words, _LOOK) if age > _ONE else ok(words)
