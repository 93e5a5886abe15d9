"""The configuration: each environment variable is declared once, and every fault is reported at once.

A new variable is a field of ``Config``, a row in README and a paragraph in ``.env.example``; a test compares the three.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from ivr.core.email_addresses import in_envelope, is_email
from ivr.core.errors import BadConfigError
from ivr.core.phone_numbers import BadNumberError, direct

#: The simulator's account, used where no Twilio account is set: fixed, so that every process agrees on it.
SIMULATED_ACCOUNT = "AC" + "5" * 32
SIMULATED_TOKEN = "the-simulator-is-the-network"  # noqa: S105  # opens nothing but the simulator
SIMULATED_API_URL = "http://127.0.0.1:8040"
#: The sender of the letters in the outbox.
LOCAL_SENDER = "line@localhost"
TWILIO_API_URL = "https://api.twilio.com"
STRIPE_API_URL = "https://api.stripe.com"
DEVELOPMENT_SECRET = "only-for-the-desk"  # noqa: S105  # refused as soon as PUBLIC_URL is https

#: Returns something truthy when the value is right.
Check = Callable[[str], object]


def _like(pattern: str) -> Check:
    return re.compile(pattern, re.DOTALL).fullmatch


def _is_url(url: str, schemes: set[str], paths: set[str]) -> bool:
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return has_host and parts.scheme in schemes and parts.path in paths and not parts.query


def _is_address(url: str) -> bool:
    return _is_url(url, {"http", "https"}, {""})


def _is_mail_server(url: str) -> bool:
    return not url or _is_url(url, {"smtp", "smtps"}, {"", "/"})


def _is_sender(address: str) -> object:
    """A host of one's own network has no dot in its name."""
    return is_email(address) or re.fullmatch(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}", address)


def _sender(address: str) -> str:
    return in_envelope(address) if is_email(address) else address


def _without_slash(url: str) -> str:
    return url.rstrip("/")


def _as_number(typed: str) -> str:
    """Return a telephone number as E.164; what is none stays as it is, for the check."""
    try:
        return direct(typed)
    except BadNumberError:
        return typed


class Rule(NamedTuple):
    """A check of a value, and the remedy when the value fails it."""

    holds: Check
    remedy: str


_NO_RULE: Final = Rule(lambda _: True, "")
_REQUIRED: Final = Rule(bool, "missing; production does not guess it")


def _variable(
    default: str,
    holds: Check = _NO_RULE.holds,
    remedy: str = _NO_RULE.remedy,
    *,
    in_production: Rule = _NO_RULE,
    read: Callable[[str], str] = str,
) -> Any:
    """Declare one variable: ``holds`` checks its value, ``in_production`` what production sets ("" for nothing)."""
    rule = Rule(holds, remedy)
    return field(default=default, metadata={"rule": rule, "in_production": in_production, "read": read})


@dataclass(frozen=True)
class Config:
    """One field for each environment variable of the same name in capitals. An empty variable counts as unset."""

    database_url: str = _variable(
        "sqlite:///var/line.db",
        _like(r"(sqlite|postgres(ql)?(\+psycopg)?)://.*"),
        "start it with sqlite:/// or postgresql://",
        in_production=_REQUIRED,
    )
    secret_key: str = _variable(
        DEVELOPMENT_SECRET, in_production=Rule(_like(".{32,}"), "missing or under 32 characters")
    )
    public_url: str = _variable(
        "http://127.0.0.1:8000",
        _is_address,
        "give the http or https address of this service, no path",
        read=_without_slash,
    )
    twilio_account_sid: str = _variable(
        SIMULATED_ACCOUNT,
        _like(r"AC[0-9a-fA-F]{32}"),
        "AC and 32 hexadecimal digits, from the Twilio console",
        in_production=Rule(lambda sid: sid not in {"", SIMULATED_ACCOUNT}, _REQUIRED.remedy),
    )
    twilio_auth_token: str = _variable(
        SIMULATED_TOKEN, bool, "missing; it belongs to TWILIO_ACCOUNT_SID", in_production=_REQUIRED
    )
    twilio_phone_number: str = _variable(
        "+18779437675", _like(r"\+[1-9]\d{7,14}"), "write it as +18779437675", read=_as_number
    )
    twilio_api_url: str = _variable(
        SIMULATED_API_URL, _is_address, "give an http or https address, no path", read=_without_slash
    )
    stripe_api_key: str = _variable(
        "",
        _like(r"((sk|rk)_(test|live)_\w+)?"),
        "a secret or restricted key, sk_... or rk_..., from the Stripe dashboard",
    )
    stripe_webhook_secret: str = _variable(
        "", _like(r"(whsec_\S+)?"), "it begins with whsec_, from the webhook's page in the Stripe dashboard"
    )
    stripe_api_url: str = _variable(
        STRIPE_API_URL, _is_address, "give an http or https address, no path", read=_without_slash
    )
    sentry_dsn: str = _variable(
        "",
        _like(r"(https?://\w+@[\w.:-]+/([\w/-]+/)?\d+)?"),
        "as Sentry shows it, https://key@host/number",
    )
    trusted_proxies: str = _variable(
        "0", _like("[0-9]"), "how many proxies stand before the service and add to X-Forwarded-For: 0 to 9"
    )
    metrics_token: str = _variable("", _like(r"(.{16,})?"), "give 16 characters or more, or none")
    smtp_url: str = _variable(
        "", _is_mail_server, "write it as smtp://user:password@host:587, or smtps:// for port 465"
    )
    mail_from: str = _variable(
        LOCAL_SENDER,
        _is_sender,
        "an e-mail address and nothing else, such as office@example.com",
        read=_sender,
    )
    clock_file: str = _variable(
        "", in_production=Rule(_like(""), "for development only; production keeps real time")
    )

    @property
    def is_production(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def proxies(self) -> int:
        """How many proxies stand before the service. On a desk there is none."""
        return int(self.trusted_proxies) if self.is_production else 0

    @property
    def is_on_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def is_simulated(self) -> bool:
        """Whether the simulator takes Twilio's place."""
        return self.twilio_account_sid == SIMULATED_ACCOUNT

    @property
    def takes_payments(self) -> bool:
        """Whether there is a payment provider: Stripe, or outside production the sandbox."""
        return bool(self.stripe_api_key) or not self.is_production


class Variable(NamedTuple):
    """One declared variable. ``name`` is its name in the environment, in capitals."""

    name: str
    default: str
    rule: Rule
    in_production: Rule
    read: Callable[[str], str]

    @property
    def is_required(self) -> bool:
        """Whether production must set it."""
        return not self.in_production.holds("")


VARIABLES: Final = tuple(
    Variable(one.name.upper(), getattr(Config, one.name), **one.metadata) for one in fields(Config)
)

#: The defaults when a Twilio account is set: none of them comes from the simulator.
_WITH_ACCOUNT: Final = {
    "TWILIO_ACCOUNT_SID": "",
    "TWILIO_AUTH_TOKEN": "",
    "TWILIO_API_URL": TWILIO_API_URL,
}


def from_environment(environ: Mapping[str, str] | None = None) -> Config:
    """Return the configuration. Raises BadConfigError, which lists every fault with its remedy."""
    env = os.environ if environ is None else environ
    given = {one.name: value for one in VARIABLES if (value := env.get(one.name, "").strip())}
    has_account = not given.keys().isdisjoint({"TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"})
    values = (_WITH_ACCOUNT if has_account else {}) | given
    config = Config(
        **{one.name.lower(): one.read(values[one.name]) for one in VARIABLES if one.name in values}
    )
    faults = list(_faults(config, given))
    if faults:
        raise BadConfigError("The service cannot start:\n" + "\n".join(f"  - {fault}" for fault in faults))
    return config


def _faults(config: Config, given: Mapping[str, str]) -> Iterator[str]:
    for one in VARIABLES:
        if not one.rule.holds(getattr(config, one.name.lower())):
            yield f"{one.name}: {one.rule.remedy}"
        elif config.is_production and not one.in_production.holds(given.get(one.name, "")):
            yield f"{one.name}: {one.in_production.remedy}"
    if bool(config.stripe_api_key) != bool(config.stripe_webhook_secret):
        yield "STRIPE_API_KEY and STRIPE_WEBHOOK_SECRET: give both or neither"
    if config.smtp_url and "MAIL_FROM" not in given:
        yield "MAIL_FROM: missing; it belongs to SMTP_URL"
