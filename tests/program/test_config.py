"""The environment: every fault at once, each variable with its remedy, and all of it documented."""

import re

import pytest

from ivr.core.config import (
    DEVELOPMENT_SECRET,
    SIMULATED_ACCOUNT,
    SIMULATED_TOKEN,
    VARIABLES,
    Config,
    Variable,
    from_environment,
)
from ivr.core.errors import BadConfigError
from tests.support.paths import ROOT

PRODUCTION = {
    "PUBLIC_URL": "https://line.example.com",
    "DATABASE_URL": "postgresql://line@db/line",
    "SECRET_KEY": "x" * 32,
    "TWILIO_ACCOUNT_SID": "AC" + "a" * 32,
    "TWILIO_AUTH_TOKEN": "secret",
}


def faults(environment: dict[str, str]) -> list[str]:
    """What is wrong with it, a line each; a fault names the variable and the remedy."""
    try:
        from_environment(environment)
    except BadConfigError as refused:
        return [line.removeprefix("  - ") for line in str(refused).splitlines()[1:]]
    return []


def test_an_empty_environment_is_the_desk() -> None:
    config = from_environment({})

    assert config == Config()
    assert config.twilio_account_sid == SIMULATED_ACCOUNT
    assert config.twilio_api_url.startswith("http://127.0.0.1")
    assert config.twilio_phone_number == "+18779437675"
    assert config.is_simulated
    assert not config.is_production


def test_an_empty_variable_is_not_given() -> None:
    assert from_environment({one.name: " " for one in VARIABLES}) == Config()


def test_a_whole_environment_is_production() -> None:
    config = from_environment(PRODUCTION)

    assert config.is_production
    assert config.twilio_api_url == "https://api.twilio.com"


def test_an_address_is_kept_without_its_last_slash() -> None:
    environment = {"PUBLIC_URL": " http://a/ ", "TWILIO_API_URL": "http://b/", "STRIPE_API_URL": "http://c/"}
    config = from_environment(environment)

    assert (config.public_url, config.twilio_api_url, config.stripe_api_url) == (
        "http://a",
        "http://b",
        "http://c",
    )


def test_the_number_may_be_written_in_any_shape() -> None:
    assert (
        from_environment({"TWILIO_PHONE_NUMBER": "1 (877) 943\N{EN DASH}7675"}).twilio_phone_number
        == "+18779437675"
    )


def test_every_fault_is_named_at_once() -> None:
    environment = {
        "PUBLIC_URL": "https://line.example.com",
        "DATABASE_URL": "mysql://x",
        "SECRET_KEY": "short",
        "TWILIO_PHONE_NUMBER": "943-7675",
        "TWILIO_ACCOUNT_SID": "AC12",
        "STRIPE_API_KEY": "pk_test_1",
        "SMTP_URL": "http://x",
        "CLOCK_FILE": "clock",
    }

    assert sorted(faults(environment)) == [
        "CLOCK_FILE: for development only; production keeps real time",
        "DATABASE_URL: start it with sqlite:/// or postgresql://",
        "MAIL_FROM: missing; it belongs to SMTP_URL",
        "SECRET_KEY: missing or under 32 characters",
        "SMTP_URL: write it as smtp://user:password@host:587, or smtps:// for port 465",
        "STRIPE_API_KEY and STRIPE_WEBHOOK_SECRET: give both or neither",
        "STRIPE_API_KEY: a secret or restricted key, sk_... or rk_..., from the Stripe dashboard",
        "TWILIO_ACCOUNT_SID: AC and 32 hexadecimal digits, from the Twilio console",
        "TWILIO_AUTH_TOKEN: missing; it belongs to TWILIO_ACCOUNT_SID",
        "TWILIO_PHONE_NUMBER: write it as +18779437675",
    ]


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "PUBLIC_URL"])
def test_production_guesses_nothing(name: str) -> None:
    (fault,) = faults({**PRODUCTION, name: ""})

    assert fault.startswith(f"{name}: ")


def test_production_is_not_simulated() -> None:
    (fault,) = faults({**PRODUCTION, "TWILIO_ACCOUNT_SID": SIMULATED_ACCOUNT})

    assert fault.startswith("TWILIO_ACCOUNT_SID: ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("PUBLIC_URL", url)
            for url in ("line.example.com", "https://", "http://x:99999", "ftp://x", "https://x/path")
        ),
        ("DATABASE_URL", "mysql://x"),
        ("TWILIO_ACCOUNT_SID", "AC12"),
        ("TWILIO_PHONE_NUMBER", "943-7675"),
        ("TWILIO_API_URL", "ftp://x"),
        ("STRIPE_API_KEY", "pk_test_1"),
        ("STRIPE_WEBHOOK_SECRET", "sk_test_1"),
        ("STRIPE_API_URL", "https://x?y"),
        ("SENTRY_DSN", "https://sentry.io"),
        ("METRICS_TOKEN", "x" * 15),
        ("SMTP_URL", "smtp://host/path"),
        ("MAIL_FROM", "Office <office@example.com>"),
    ],
)
def test_a_value_must_be_one(name: str, value: str) -> None:
    remedy = next(one.rule.remedy for one in VARIABLES if one.name == name)

    assert f"{name}: {remedy}" in faults({name: value})


@pytest.mark.parametrize(
    ("key", "secret", "is_right"),
    [
        ("", "", True),
        ("sk_test_1", "whsec_1", True),
        ("rk_live_1", "whsec_1", True),
        ("sk_test_1", "", False),
        ("", "whsec_1", False),
        ("pk_test_1", "whsec_1", False),
        ("sk_test_1", "sk_test_1", False),
    ],
)
def test_stripe_has_both_its_secrets_or_none(key: str, secret: str, is_right: bool) -> None:  # noqa: FBT001
    environment = {"STRIPE_API_KEY": key, "STRIPE_WEBHOOK_SECRET": secret}
    if is_right:
        assert from_environment(environment).stripe_api_key == key
    else:
        with pytest.raises(BadConfigError, match="STRIPE"):
            from_environment(environment)


def readme() -> dict[str, str]:
    """What README's table says of each variable where it is not given."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `([A-Z_]+)` \|[^|\n]*\|([^|\n]*)\|$", text, re.MULTILINE))


def env_example() -> dict[str, str]:
    """The comment above each variable of .env.example; those of one paragraph share it."""
    said: dict[str, str] = {}
    for paragraph in (ROOT / ".env.example").read_text(encoding="utf-8").split("\n\n"):
        comment = " ".join(re.findall(r"^# (.*)$", paragraph, re.MULTILINE))
        said |= dict.fromkeys(re.findall(r"^([A-Z_]+)=$", paragraph, re.MULTILINE), comment)
    return said


#: Nobody types these, so the documents say what they stand for.
IN_WORDS = {SIMULATED_ACCOUNT, SIMULATED_TOKEN, DEVELOPMENT_SECRET}
DOCUMENTS = {"README.md": readme, ".env.example": env_example}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_documents_have_the_declared_variables_and_no_other(document: str) -> None:
    assert set(DOCUMENTS[document]()) == {one.name for one in VARIABLES}


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("variable", VARIABLES, ids=lambda one: one.name)
def test_the_documents_say_the_default_and_what_production_requires(
    document: str, variable: Variable
) -> None:
    said = DOCUMENTS[document]()[variable.name]

    assert variable.default in said or variable.default in IN_WORDS
    assert ("required in production" in said.lower()) == variable.is_required
