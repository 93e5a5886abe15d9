"""Sends webhooks: signs what goes out, follows redirects, keeps cookies, tries again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import parse_qs, urljoin, urlsplit

from twilio_simulator.faults import Trouble
from twilio_simulator.performance import Fetch
from twilio_simulator.timeline import Action
from twilio_simulator.web import READ_SECONDS, Web, WebAnswer, WebRequest
from twilio_simulator.webhooks import signed, voice_parameters

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange
    from twilio_simulator.leg import Leg

RETRIES_AT_MOST: Final = 5
REDIRECTS: Final = 10
REDIRECTED: Final = (301, 302, 303, 307, 308)
EMPTY: Final = (b"", b"<Response/>", b"<Response />", b"<Response></Response>")


@dataclass(frozen=True)
class Fetched:
    """The answer to an instruction, and the URL it really came from."""

    answer: WebAnswer
    url: str
    redirects: int = 0


@dataclass(frozen=True)
class Retries:
    """How often a webhook is tried again, and after what: Twilio's connection overrides.

    By default once more, and only when no connection was made; ``#rc=2&rp=5xx,rt`` in a URL changes it.
    """

    count: int = 1
    after: frozenset[str] = frozenset({"ct"})

    @classmethod
    def of(cls, url: str) -> Self:
        """From the fragment of a URL; what is not understood there is passed over."""
        asked = parse_qs(urlsplit(url).fragment)
        count = asked.get("rc", ["1"])[0]
        policies = frozenset(",".join(asked.get("rp", ["ct"])).split(","))
        return cls(min(RETRIES_AT_MOST, int(count)) if count.isdecimal() else 1, policies)

    def tries_again(self, answer: WebAnswer, tried: int) -> bool:
        """Whether an answer is asked for again when it came at the ``tried``-th try."""
        if tried > self.count:
            return False
        what = {"connect": "ct", "timeout": "rt"}.get(answer.error or "", f"{answer.status // 100}xx")
        return what in self.after or ("all" in self.after and what in ("ct", "rt", "4xx", "5xx"))


class WebhookSender:
    """``sent`` is the webhooks that left, in order; ``trouble`` is what shall go wrong with the next ones.

    After ``20 * exchange.keep`` webhooks the older half of ``sent`` is forgotten.
    """

    def __init__(self, exchange: "Exchange", web: Web) -> None:
        self._exchange = exchange
        self._web = web
        self._cookies: dict[str, dict[str, str]] = {}
        self.sent: list[WebRequest] = []
        self.trouble = Trouble()
        self.sending: WebRequest | None = None

    def instruct(self, leg: "Leg", fetch: Fetch, done: Callable[[Fetched], None]) -> None:
        """Fetch the document that drives the call. The standard parameters are added to what the verb says.

        What goes to a flow that Twilio hosts goes nowhere, and ``done`` is not called.
        """
        if self._exchange.studio.takes(leg, fetch):
            return
        # A media file is asked for without any parameter (Twilio, Play).
        params = {} if fetch.kind == "media" else {**voice_parameters(leg), **fetch.extra}
        request = self._signed(fetch.kind, fetch.method, fetch.url, params)
        self._go(leg, request, done, Retries.of(fetch.url))

    def notify(self, kind: str, url: str, method: str, params: dict[str, str]) -> None:
        """Send news about which nobody waits for an answer; a bad answer is only a warning."""
        if self._exchange.studio.hosts(url):
            self._exchange.soon(lambda: self._exchange.studio.told(params))
            return
        request = self._signed(kind, method, url, params)
        done = self._noted(request, params)
        for seconds in self.trouble.deliveries(kind):
            self._exchange.after(seconds, lambda: self._send(request, done, Retries.of(url)))

    def _noted(self, request: WebRequest, params: dict[str, str]) -> Callable[[WebAnswer], None]:
        studio, code = self._exchange.studio, 16011 if request.kind.startswith("conference.") else 15003

        def note(answer: WebAnswer) -> None:
            onward = urljoin(request.url, answer.headers.get("location", ""))
            if answer.status in REDIRECTED and studio.hosts(onward):
                studio.told(params)
            elif answer.error or answer.status >= 400:
                self._exchange.fault(
                    code, f"{request.kind} to {request.url} got {answer.error or answer.status}"
                )
            elif answer.body.strip().rpartition(b"?>")[2].strip() not in EMPTY:
                self._exchange.fault(code, f"{request.kind} to {request.url} was answered with a document")

        return note

    def _signed(self, kind: str, method: str, url: str, params: dict[str, str]) -> WebRequest:
        exchange = self._exchange
        request = signed(kind, method, url, params, exchange.shared_key or exchange.auth_token)
        if not exchange.switches.idempotency_token_arrives:
            del request.headers["I-Twilio-Idempotency-Token"]
        return request

    def _go(
        self,
        leg: "Leg",
        request: WebRequest,
        done: Callable[[Fetched], None],
        retries: Retries,
        redirects: int = 0,
    ) -> None:
        jar = self._cookies.setdefault(leg.sid, {})
        if jar:
            request = request.with_header(
                "Cookie", "; ".join(f"{name}={value}" for name, value in jar.items())
            )

        def answered(answer: WebAnswer) -> None:
            jar.update(answer.cookies)
            place = answer.headers.get("location")
            target = urljoin(request.url, place) if place and answer.status in REDIRECTED else None
            if target and self._exchange.studio.hosts(target):
                done(Fetched(answer, target, redirects + 1))
            elif target and redirects < REDIRECTS:
                # The verb's own parameters (Digits, for one) are lost on the way, as at Twilio.
                media = request.kind == "media"
                kind, params = ("media", {}) if media else ("voice.continue", voice_parameters(leg))
                onward = self._signed(kind, "GET", target, params)
                self._go(leg, onward, done, retries, redirects + 1)
            else:
                done(Fetched(answer, request.url, redirects))

        self._exchange.soon(lambda: self._send(request, answered, retries))

    def _send(
        self, request: WebRequest, done: Callable[[WebAnswer], None], retries: Retries, tried: int = 1
    ) -> None:
        fault = self.trouble.web_fault(request.url)
        late = fault.seconds if fault is not None else 0.0

        def came_back(answer: WebAnswer) -> None:
            if late >= READ_SECONDS:
                answer = WebAnswer(error="timeout")
            if retries.tries_again(answer, tried):
                self._bring(late, lambda: self._send(request, done, retries, tried + 1))
            else:
                self._bring(late, lambda: done(answer))

        self._keep(request)
        if fault is not None and fault.answer is not None:
            came_back(fault.answer)
            return
        before, self.sending = self.sending, request
        try:
            self._web.send(request, came_back)
        finally:
            self.sending = before

    def _bring(self, late: float, action: Action) -> None:
        """An answer arrives: at once, or ``late``, but Twilio waits no longer than it waits for anybody."""
        if late:
            self._exchange.after(min(late, READ_SECONDS), action)
        else:
            self._exchange.deliver(action)

    def _keep(self, request: WebRequest) -> None:
        self.sent.append(request)
        limit = 20 * self._exchange.keep
        if len(self.sent) > limit:
            del self.sent[: limit // 2]

    def forget(self, leg_sid: str) -> None:
        """The cookies of a leg that is long over."""
        self._cookies.pop(leg_sid, None)
