"""Whether there is somebody to ring."""

from collections.abc import Iterator

from ivr.backoffice.checks.finding import Finding
from ivr.company.first_run import service as first_run
from ivr.company.staff import roster
from ivr.company.staff.models import Role
from ivr.services import Services


def check_people(ours: Services) -> Iterator[Finding]:
    """Looks whether somebody runs the line, and counts who is available now, by role."""
    with ours.database.reading():
        is_open = first_run.is_open()
        roles = [one.role for one in roster.everyone() if one.is_available]
    if is_open:
        words = f"nobody runs this line yet: open {ours.public_url}/setup, with the code in the web's log"
        yield Finding(is_well=False, words=words)
    for role in (Role.TECHNICIAN, Role.OPERATOR):
        count = roles.count(role)
        yield Finding(count > 0, f"{count} {role}{'' if count == 1 else 's'} to call")
