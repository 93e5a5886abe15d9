"""Whether there is somebody to ring."""

from collections.abc import Iterator

from ivr.backoffice.checks.finding import Finding
from ivr.company.staff import roster
from ivr.company.staff.models import Role
from ivr.services import Services


def check_people(ours: Services) -> Iterator[Finding]:
    """Counts who is available now, by role."""
    with ours.database.reading():
        roles = [one.role for one in roster.everyone() if one.is_available]
    for role in (Role.TECHNICIAN, Role.OPERATOR):
        count = roles.count(role)
        yield Finding(count > 0, f"{count} {role}{'' if count == 1 else 's'} to call")
