"""The configuration: each environment variable is declared once, and every fault is reported at once.

A new variable is a field of ``Config``, a row in README and a paragraph in ``.env.example``; a test compares the three.
It is long because it has a field, with its reason, for each variable.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from ivr.core.config_checks import (
    IPNetwork,
    are_networks,
    as_address,
    is_address,
    is_backup_place,
    is_hard_to_guess,
    is_on_this_machine,
    is_private_on_its_way,
    networks,
)
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
DEVELOPMENT_SECRET = "only-for-the-desk"  # noqa: S105  # as all that is printed here, for a desk alone
#: The environment of a desk. It is never guessed: without PUBLIC_URL nothing starts.
DESK: Final = {"PUBLIC_URL": "http://127.0.0.1:8000"}

#: Returns something truthy when the value is right.
Check = Callable[[str], object]


def _like(pattern: str) -> Check:
    return re.compile(pattern, re.DOTALL).fullmatch


def _is_mail_server(url: str) -> bool:
    if not url:
        return True
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return has_host and parts.scheme in {"smtp", "smtps"} and parts.path in {"", "/"} and not parts.query


def _is_sender(address: str) -> object:
    """A host of one's own network has no dot in its name."""
    return is_email(address) or re.fullmatch(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}", address)


def _sender(address: str) -> str:
    return in_envelope(address) if is_email(address) else address


def _is_dsn(url: str) -> bool:
    found = re.fullmatch(r"(https?://)\w+@([\w.:-]+)/([\w/-]+/)?\d+", url)
    return not url or bool(found and is_private_on_its_way(found[1] + found[2]))


def _is_secret_key(key: str) -> bool:
    return is_hard_to_guess(key, 32)


def _is_auth_token(token: str) -> bool:
    return bool(re.fullmatch("[0-9a-fA-F]{32}", token)) and is_hard_to_guess(token, 32)


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
_WEAK_KEY: Final = (
    "missing, under 32 characters or too easy to guess; this makes one: "
    "python3 -c 'import secrets; print(secrets.token_hex())'"
)
_NOT_TWILIOS: Final = "missing, or not the 32 hexadecimal digits that the Twilio console shows"
_NOT_PRIVATE: Final = "give an https address, no path, user or password; http is for this machine alone"


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
    secret_key: str = _variable(DEVELOPMENT_SECRET, in_production=Rule(_is_secret_key, _WEAK_KEY))
    second_secret_key: str = _variable(
        "", in_production=Rule(lambda key: not key or _is_secret_key(key), _WEAK_KEY)
    )
    public_url: str = _variable(
        "",
        is_address,
        "give the https address at which the world reaches this service, no path, user or password; to try it on "
        "this machine alone: http://127.0.0.1:8000",
        in_production=Rule(
            is_private_on_its_way,
            "https is required; http is for this machine's own address",
        ),
        read=as_address,
    )
    twilio_account_sid: str = _variable(
        SIMULATED_ACCOUNT,
        _like(r"AC[0-9a-fA-F]{32}"),
        "AC and 32 hexadecimal digits, from the Twilio console",
        in_production=Rule(lambda sid: sid not in {"", SIMULATED_ACCOUNT}, _REQUIRED.remedy),
    )
    twilio_auth_token: str = _variable(
        SIMULATED_TOKEN,
        bool,
        "missing; it belongs to TWILIO_ACCOUNT_SID",
        in_production=Rule(_is_auth_token, _NOT_TWILIOS),
    )
    second_twilio_auth_token: str = _variable(
        "", in_production=Rule(lambda token: not token or _is_auth_token(token), _NOT_TWILIOS)
    )
    twilio_phone_number: str = _variable(
        "+18779437675", _like(r"\+[1-9]\d{7,14}"), "write it as +18779437675", read=_as_number
    )
    twilio_api_url: str = _variable(SIMULATED_API_URL, is_private_on_its_way, _NOT_PRIVATE, read=as_address)
    stripe_api_key: str = _variable(
        "",
        _like(r"((sk|rk)_(test|live)_\w+)?"),
        "a secret or restricted key, sk_... or rk_..., from the Stripe dashboard",
    )
    stripe_webhook_secret: str = _variable(
        "",
        _like(r"(whsec_\S+)?"),
        "it begins with whsec_, from the webhook's page in the Stripe dashboard",
        in_production=Rule(
            lambda secret: not secret or is_hard_to_guess(secret, 32),
            "too easy to guess: copy it from the webhook's page in the Stripe dashboard",
        ),
    )
    stripe_api_url: str = _variable(STRIPE_API_URL, is_private_on_its_way, _NOT_PRIVATE, read=as_address)
    sentry_dsn: str = _variable(
        "",
        _is_dsn,
        "as Sentry shows it, https://key@host/number",
    )
    trusted_proxies: str = _variable(
        "0", _like("[0-9]"), "how many proxies stand before the service and add to X-Forwarded-For: 0 to 9"
    )
    metrics_token: str = _variable(
        "",
        lambda token: not token or is_hard_to_guess(token, 16),
        "give 16 characters or more that nobody can guess, or none",
    )
    smtp_url: str = _variable(
        "", _is_mail_server, "write it as smtp://user:password@host:587, or smtps:// for port 465"
    )
    mail_from: str = _variable(
        LOCAL_SENDER,
        _is_sender,
        "an email address and nothing else, such as office@example.com",
        read=_sender,
    )
    backup_to: str = _variable(
        "",
        is_backup_place,
        "a folder, from the root on: /backups; or s3://key:secret@host/bucket/prefix?region=us-west-2, where key and "
        "secret have %2F for / and %2B for +",
    )
    backup_days: str = _variable(
        "14", _like("[1-9][0-9]{0,3}"), "for how many days each copy is kept: 1 to 9999"
    )
    backup_recipient: str = _variable(
        "",
        _like("(age1[a-z0-9]{58})?"),
        "the public key that copies are encrypted to, age1...; this makes one: flask --app ivr db backup-key",
    )
    prices_file: str = _variable(
        "",
        lambda name: not name or Path(name).is_file(),
        "there is no such file; it has the shape of ivr/backoffice/costs/prices.toml",
    )
    alarm_networks: str = _variable(
        "", are_networks, "networks with commas between them, such as 10.1.2.3/32, 192.168.7.0/24"
    )
    clock_file: str = _variable(
        "", in_production=Rule(_like(""), "for development only; production keeps real time")
    )

    @property
    def is_production(self) -> bool:
        """Everything is but a desk: an address of this machine alone, the simulator, and no live Stripe key."""
        is_desk = is_on_this_machine(self.public_url) and self.is_simulated
        return not is_desk or "_live_" in self.stripe_api_key

    @property
    def is_https(self) -> bool:
        """Whether browsers come by https: only then do they keep a cookie that is for https alone."""
        return self.public_url.startswith("https://")

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The keys that are read, as itsdangerous takes them: the last one signs."""
        return tuple(key for key in (self.second_secret_key, self.secret_key) if key)

    @property
    def twilio_auth_tokens(self) -> tuple[str, ...]:
        """The tokens that may have signed a webhook. The first one opens the REST API."""
        return tuple(token for token in (self.twilio_auth_token, self.second_twilio_auth_token) if token)

    @property
    def private_networks(self) -> tuple[IPNetwork, ...]:
        """The networks, not of the internet, that alarms may go to."""
        return networks(self.alarm_networks)

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
    set_here = {one.name: getattr(config, one.name.lower()) if one.name in given else "" for one in VARIABLES}
    for one in VARIABLES:
        if not one.rule.holds(getattr(config, one.name.lower())):
            yield f"{one.name}: {one.rule.remedy}"
        elif config.is_production and not one.in_production.holds(set_here[one.name]):
            yield f"{one.name}: {one.in_production.remedy}"
    if bool(config.stripe_api_key) != bool(config.stripe_webhook_secret):
        yield "STRIPE_API_KEY and STRIPE_WEBHOOK_SECRET: give both or neither"
    if config.smtp_url and "MAIL_FROM" not in given:
        yield "MAIL_FROM: missing; it belongs to SMTP_URL"
    if config.backup_to.startswith("s3://") and not config.backup_recipient:
        yield (
            "BACKUP_RECIPIENT: missing; what leaves this machine is encrypted. This makes a key, while BACKUP_TO is "
            "empty: flask --app ivr db backup-key"
        )
