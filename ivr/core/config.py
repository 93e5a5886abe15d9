"""What the line is told by its environment: read once, every fault reported at once."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ivr.core.errors import BadSettingsError

#: What the simulator is given when no Twilio account is: fixed, so that every part agrees on it.
SIMULATED_ACCOUNT = "AC" + "5" * 32
SIMULATED_TOKEN = "the-simulator-is-the-network"  # noqa: S105  # opens nothing but the simulator
SIMULATED_API_URL = "http://127.0.0.1:8040"
#: Whom letters in the outbox come from.
LOCAL_SENDER = "line@localhost"
STRIPE_API_URL = "https://api.stripe.com"
DEVELOPMENT_SECRET = "only-for-the-desk"  # noqa: S105  # refused as soon as PUBLIC_URL is https


@dataclass(frozen=True)
class Settings:
    """One field for each environment variable of the same name, in capitals."""

    database_url: str
    secret_key: str
    public_url: str
    twilio_account_sid: str
    twilio_auth_token: str
    twilio_phone_number: str
    twilio_api_url: str
    stripe_api_key: str = ""
    stripe_webhook_secret: str = ""
    stripe_api_url: str = STRIPE_API_URL
    sentry_dsn: str = ""
    metrics_token: str = ""
    smtp_url: str = ""
    mail_from: str = LOCAL_SENDER

    @property
    def is_production(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def is_on_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def is_simulated(self) -> bool:
        """Whether the simulator stands where Twilio would."""
        return self.twilio_account_sid == SIMULATED_ACCOUNT

    @property
    def takes_payments(self) -> bool:
        """Whether there is a payment provider: Stripe, or, where no money is real, the sandbox."""
        return bool(self.stripe_api_key) or not self.is_production


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings, or a BadSettingsError that lists all that is wrong with them."""
    env = {name: value.strip() for name, value in (os.environ if environ is None else environ).items()}
    with_account = bool(env.get("TWILIO_ACCOUNT_SID") or env.get("TWILIO_AUTH_TOKEN"))
    settings = Settings(
        database_url=env.get("DATABASE_URL") or "sqlite:///var/line.db",
        secret_key=env.get("SECRET_KEY") or DEVELOPMENT_SECRET,
        public_url=(env.get("PUBLIC_URL") or "http://127.0.0.1:8000").rstrip("/"),
        twilio_account_sid=env.get("TWILIO_ACCOUNT_SID", "") if with_account else SIMULATED_ACCOUNT,
        twilio_auth_token=env.get("TWILIO_AUTH_TOKEN", "") if with_account else SIMULATED_TOKEN,
        twilio_phone_number=env.get("TWILIO_PHONE_NUMBER") or "+18779437675",
        twilio_api_url=(
            env.get("TWILIO_API_URL") or ("https://api.twilio.com" if with_account else SIMULATED_API_URL)
        ).rstrip("/"),
        stripe_api_key=env.get("STRIPE_API_KEY", ""),
        stripe_webhook_secret=env.get("STRIPE_WEBHOOK_SECRET", ""),
        stripe_api_url=(env.get("STRIPE_API_URL") or STRIPE_API_URL).rstrip("/"),
        sentry_dsn=env.get("SENTRY_DSN", ""),
        metrics_token=env.get("METRICS_TOKEN", ""),
        smtp_url=env.get("SMTP_URL", ""),
        mail_from=env.get("MAIL_FROM") or LOCAL_SENDER,
    )
    faults = list(_faults(settings, env))
    if faults:
        raise BadSettingsError("The line cannot start:\n" + "\n".join(f"  - {fault}" for fault in faults))
    return settings


def _faults(settings: Settings, env: Mapping[str, str]) -> list[str]:
    checks = [
        (
            re.match(r"(sqlite|postgres(ql)?(\+psycopg)?)://", settings.database_url),
            "DATABASE_URL: start it with sqlite:/// or postgresql://",
        ),
        (
            _is_address(settings.public_url),
            "PUBLIC_URL: give the http or https address of this service, no path",
        ),
        (_is_address(settings.twilio_api_url), "TWILIO_API_URL: give an http or https address, no path"),
        (
            re.fullmatch(r"\+[1-9]\d{7,14}", settings.twilio_phone_number),
            "TWILIO_PHONE_NUMBER: write it as +18779437675",
        ),
        (
            re.fullmatch(r"AC[0-9a-fA-F]{32}", settings.twilio_account_sid),
            "TWILIO_ACCOUNT_SID: AC and 32 hexadecimal digits, from the Twilio console",
        ),
        (settings.twilio_auth_token, "TWILIO_AUTH_TOKEN: missing; it belongs to TWILIO_ACCOUNT_SID"),
        (
            re.fullmatch(r"((sk|rk)_(test|live)_\w+)?", settings.stripe_api_key),
            "STRIPE_API_KEY: a secret or restricted key, sk_... or rk_..., from the Stripe dashboard",
        ),
        (
            re.fullmatch(r"(whsec_\S+)?", settings.stripe_webhook_secret),
            "STRIPE_WEBHOOK_SECRET: it begins with whsec_, from the webhook's page in the Stripe dashboard",
        ),
        (
            bool(settings.stripe_api_key) == bool(settings.stripe_webhook_secret),
            "STRIPE_API_KEY and STRIPE_WEBHOOK_SECRET: give both or neither",
        ),
        (
            re.fullmatch(r"(https?://\w+@[\w.:-]+/([\w/-]+/)?\d+)?", settings.sentry_dsn),
            "SENTRY_DSN: as Sentry shows it, https://key@host/number",
        ),
        (
            not settings.metrics_token or len(settings.metrics_token) >= 16,
            "METRICS_TOKEN: give 16 characters or more, or none",
        ),
        (_is_address(settings.stripe_api_url), "STRIPE_API_URL: give an http or https address, no path"),
        (
            not settings.smtp_url or _is_mail_server(settings.smtp_url),
            "SMTP_URL: write it as smtp://user:password@host:587, or smtps:// for port 465",
        ),
        (
            re.fullmatch(r"[^\s@<>(),;:\"]{1,64}@[\w.-]{1,250}", settings.mail_from),
            "MAIL_FROM: an e-mail address and nothing else, such as office@example.com",
        ),
        (not settings.smtp_url or env.get("MAIL_FROM"), "MAIL_FROM: missing; it belongs to SMTP_URL"),
    ]
    if settings.is_production:
        checks += [
            (env.get("DATABASE_URL"), "DATABASE_URL: missing; production does not guess it"),
            (len(env.get("SECRET_KEY", "")) >= 32, "SECRET_KEY: missing or under 32 characters"),
            (not settings.is_simulated, "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN: missing"),
            (not env.get("CLOCK_FILE"), "CLOCK_FILE: for the desk only; production keeps real time"),
        ]
    return [fault for holds, fault in checks if not holds]


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and not parts.path
            and not parts.query
            and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        return False


def _is_mail_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in {"smtp", "smtps"}
            and bool(parts.hostname)
            and parts.path in {"", "/"}
            and not parts.query
            and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        return False
