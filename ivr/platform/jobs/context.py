"""What a job works with: the database, the providers and the URLs that it sends legs to."""

from collections.abc import Callable
from dataclasses import dataclass

from ivr.core.db import Database
from ivr.platform.providers.checkout import Till
from ivr.platform.providers.mailer import Mailer
from ivr.platform.providers.telephone import Telephone

Door = Callable[..., str]


@dataclass(frozen=True)
class Doors:
    """Where legs are sent: each builds the absolute URL of one step of the script."""

    #: A member of staff picked up; takes ``offer``.
    screening: Door
    briefing: Door
    #: The caller goes into the conference.
    joined: Door
    #: The technician hears operators ring, joins the private consultation; these take ``offer``.
    ringing: Door
    consultation: Door
    nobody_took_it: Door
    caller_gone: Door
    back: Door
    ring_back: Door
    #: The caller is alone; nobody came.
    staff_left: Door
    nobody_came: Door
    #: A customer who was rung back picked up; takes ``callback``.
    rung_back: Door
    #: Documents and callbacks that take no caller.
    hold_music: Door
    test_ring: Door
    status: Door
    #: Takes ``recording``.
    recording: Door
    fallback: Door


@dataclass(frozen=True)
class Switchboard:
    """What a job has in its hands."""

    database: Database
    line: Telephone
    doors: Doors
    #: Asked for when it is needed: most jobs are about telephones. None where paying online is switched off.
    till: Callable[[], Till | None]
    mailer: Mailer
    #: The e-mail address that letters come from.
    mail_from: str
    #: PUBLIC_URL: links in letters begin with it.
    address: str
