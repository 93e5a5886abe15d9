"""A network with your application on it, in one process: no socket, no thread, and a clock that only a test moves."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from twilio_simulator.client import InProcessTwilio
from twilio_simulator.exchange import ACCOUNT_SID, AUTH_TOKEN, Exchange
from twilio_simulator.story import Handset
from twilio_simulator.web import InProcessWeb

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from twilio_simulator.clock import HeldClock
    from twilio_simulator.faults import Trouble
    from twilio_simulator.switches import Switches

#: The first of the numbers that are given out.
NUMBERS_FROM: Final = 8_005_550_100


class InProcessExchange:
    """What the fixture ``twilio_exchange`` gives a test. ``network`` is the Exchange behind it, for what is not here.

    ``account_sid`` and ``auth_token`` are those that the application must know: the token signs every webhook.
    """

    def __init__(
        self,
        clock: "HeldClock",
        switches: "Switches | None" = None,
        account_sid: str = ACCOUNT_SID,
        auth_token: str = AUTH_TOKEN,
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.clock = clock
        self._web = InProcessWeb({})
        self.network = Exchange(
            account_sid=account_sid, auth_token=auth_token, web=self._web, clock=clock, switches=switches
        )

    def connect(
        self,
        app: "WSGIApplication",
        *,
        voice: str = "/voice",
        fallback: str | None = None,
        status_callback: str | None = None,
        number: str | None = None,
        origin: str | None = None,
    ) -> str:
        """The number, in E.164, on which this application answers from now on; +18005550100 is the first.

        ``voice``, ``fallback`` and ``status_callback`` are paths of the application: what is asked when somebody dials
        the number, what when that fails, and what is told when the call has ended. ``origin`` is where the application
        is taken to be: https://app1.example for the first one.
        """
        nth = sum(1 for _ in self.network.numbers) + 1
        origin = origin or f"https://app{nth}.example"
        number = number or f"+1{NUMBERS_FROM + nth - 1}"
        self._web.add(origin, app)
        self.network.add_number(
            number,
            voice_url=urljoin(origin, voice),
            voice_fallback_url=urljoin(origin, fallback) if fallback else None,
            status_callback=urljoin(origin, status_callback) if status_callback else None,
        )
        return number

    def phone(self, number: str, name: str = "") -> Handset:
        """A person with a telephone at this number, in E.164. ``name`` stands in the transcript."""
        return Handset(self.network.phone(number, name), self.network)

    @cached_property
    def http_client(self) -> InProcessTwilio:
        """For Twilio's own Client: ``Client(account_sid, auth_token, http_client=twilio_exchange.http_client)``."""
        return InProcessTwilio(self.network.rest)

    @cached_property
    def client(self) -> Any:
        """A ``twilio.rest.Client`` of this account, for the test itself."""
        from twilio.rest import Client  # noqa: PLC0415  # half a second, and few tests have use for it

        return Client(self.account_sid, self.auth_token, http_client=self.http_client)

    def advance(self, seconds: float) -> None:
        """Let time pass: timeouts run out, callbacks are sent, telephones ring."""
        self.network.advance(seconds)

    @property
    def trouble(self) -> "Trouble":
        """What shall go wrong next: ``trouble.drop("call.status.*")``, ``trouble.fail_fetch("*/voice", 500)``."""
        return self.network.trouble

    @property
    def transcript(self) -> str:
        """What every telephone heard, said and did so far, a line each."""
        return str(self.network.transcript)

    def forgive(self, *codes: int) -> None:
        """The test means these faults to happen (Twilio's error codes); any other one fails it."""
        self.network.forgive(*codes)
