"""What a job works with: the database, the providers and the URLs that it sends legs to."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from ivr.core.db import Database
from ivr.platform.providers.backup_store import Backups
from ivr.platform.providers.checkout import PaymentProvider
from ivr.platform.providers.mailer import Mailer
from ivr.platform.providers.messenger import Messenger
from ivr.platform.providers.telephone import Telephone

Route = Callable[..., str]


@dataclass(frozen=True)
class Routes:
    """Where jobs send legs: each field builds the absolute URL of one step of a flow."""

    #: A member of staff picked up; takes ``offer``.
    screening: Route
    briefing: Route
    #: The caller goes into the conference.
    joined: Route
    #: The technician hears operators ring, joins the private consultation, and so on; these take ``offer``.
    ringing: Route
    consultation: Route
    nobody_took_it: Route
    caller_gone: Route
    back: Route
    ring_back: Route
    #: The caller is alone in the conference: staff left, or never came.
    staff_left: Route
    nobody_came: Route
    #: A customer who was rung back picked up; takes ``callback``.
    rung_back: Route
    #: Somebody is called about an alarm; takes ``notice``.
    alarm: Route
    #: A technician is asked about the time on site; a customer about more of it. Both take ``site_call``.
    paid_time: Route
    more_time: Route
    #: A prompt is played to whoever asked for it, and what is reported of that call. Both take ``prompt_call``.
    prompt_call: Route
    prompt_call_status: Route
    #: Documents and callbacks that take no caller.
    hold_music: Route
    #: Takes ``staff``.
    test_ring: Route
    #: Takes ``language``.
    call_recorded: Route
    status: Route
    #: Takes ``recording``.
    recording: Route
    fallback: Route


@dataclass(frozen=True)
class JobContext:
    """The argument of every job."""

    database: Database
    telephone: Telephone
    routes: Routes
    #: Makes the provider when a job needs it: most do not. Returns None where paying online is switched off.
    payments: Callable[[], PaymentProvider | None]
    mailer: Mailer
    #: Sends alarms to Slack and the like.
    messenger: Messenger
    #: The email address that letters come from.
    mail_from: str
    #: Links in letters begin with it.
    public_url: str
    #: Sign the links in letters: the last one does.
    secret_keys: tuple[str, ...] = field(repr=False)
    #: Where copies of the database go; returns None where none are wanted.
    backups: Callable[[], Backups | None] = lambda: None
    #: Which of these legs are of calls that we make and that are no caller's.
    other_legs: Callable[[Collection[str]], Collection[str]] = lambda _sids: ()
