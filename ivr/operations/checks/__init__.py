"""All checks, in the order in which a person reads them, and those that need to know more than ``ivr.backoffice``."""

from typing import Final

from ivr.backoffice.checks.alarms import check_alarms
from ivr.backoffice.checks.checkup import Check, Checkup
from ivr.backoffice.checks.machine import check_certificate, check_disk
from ivr.backoffice.checks.mail_server import check_mail
from ivr.backoffice.checks.payments import check_payments
from ivr.backoffice.checks.people import check_people
from ivr.backoffice.checks.setup import check_secrets, check_settings
from ivr.backoffice.checks.telephone import check_doorway, check_number, check_shared_keys
from ivr.backoffice.checks.time import check_clock, check_zone
from ivr.backoffice.checks.voices import check_voices
from ivr.backoffice.checks.worker import check_worker
from ivr.operations.checks.backups import check_backups
from ivr.operations.checks.continuity import check_continuity
from ivr.operations.checks.database import check_database, check_retention, of_fault
from ivr.operations.checks.proxy import check_proxy

CHECKS: Final = (
    Check("settings", "Settings", check_settings),
    Check("secrets", "Secrets", check_secrets),
    Check("clock", "Clock", check_clock),
    Check("zone", "Time zone", check_zone),
    Check("database", "Database", check_database),
    Check("disk", "Disk", check_disk),
    Check("backups", "Backups", check_backups),
    Check("worker", "Worker", check_worker),
    Check("number", "Number", check_number),
    Check("continuity", "While we are down", check_continuity),
    Check("address", "Public address", check_doorway),
    Check("certificate", "Certificate", check_certificate),
    Check("proxy", "Proxy", check_proxy),
    Check("shared_keys", "Signatures", check_shared_keys),
    Check("voices", "Voices", check_voices),
    Check("people", "People and hours", check_people),
    Check("mail", "Email", check_mail),
    Check("payments", "Payments", check_payments),
    Check("alarms", "Alarms", check_alarms),
    Check("retention", "Deletion", check_retention),
)


def checkup() -> Checkup:
    """Return all of them, ready to look."""
    return Checkup(CHECKS, of_fault)
