"""Whether anybody is told when something goes wrong."""

from collections.abc import Iterator

from ivr.backoffice.alarms import channels
from ivr.backoffice.checks.finding import Finding, ok, warning
from ivr.services import Services


def check_alarms(ours: Services) -> Iterator[Finding]:
    """Look whether alarms have a channel. A desk needs none."""
    with ours.database.reading():
        count = len(channels.everyone())
    if count:
        yield ok(f"Alarms go to {count} {'channel' if count == 1 else 'channels'}.")
    elif ours.config.is_production:
        yield warning("Alarms go to nobody.", "Set where they go, and try it.", "console.alarm_settings")
