"""The environment: every fault at once, each variable with its remedy, and all of it documented."""

import re
from hashlib import sha256
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.core.config import (
    DESK,
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
    "SECRET_KEY": "3f0c9be1d47a2865b3e09f1c7d52a846",
    "TWILIO_ACCOUNT_SID": "AC" + "a" * 32,
    "TWILIO_AUTH_TOKEN": "9b1d6f20c4e8a7535d0f2e91b8c6a347",
}


#: Anybody between here and there could read what is sent, or a password stands in them.
NOT_PRIVATE = (
    "ftp://x",
    "http://x",
    "http://127.0.0.1.example.com",
    "https://user:password@x",
    "https://x?y",
)
#: Nobody types these, so the documents say what they stand for.
IN_WORDS = {SIMULATED_ACCOUNT, SIMULATED_TOKEN, DEVELOPMENT_SECRET}


def faults(environment: dict[str, str]) -> list[str]:
    """What is wrong with it, a line each; a fault names the variable and the remedy."""
    try:
        from_environment(environment)
    except BadConfigError as refused:
        return [line.removeprefix("  - ") for line in str(refused).splitlines()[1:]]
    return []


def test_an_empty_environment_starts_nothing() -> None:
    assert [fault.partition(":")[0] for fault in faults({})] == [
        "DATABASE_URL",
        "SECRET_KEY",
        "PUBLIC_URL",
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
    ]


def test_the_address_of_this_machine_is_a_desk() -> None:
    config = from_environment(DESK)

    assert config == Config(public_url="http://127.0.0.1:8000")
    assert config.twilio_account_sid == SIMULATED_ACCOUNT
    assert config.twilio_api_url.startswith("http://127.0.0.1")
    assert config.twilio_phone_number == "+18779437675"
    assert config.is_simulated
    assert not config.is_production


def test_an_empty_variable_is_not_given() -> None:
    assert from_environment({one.name: " " for one in VARIABLES} | DESK) == from_environment(DESK)


SCHEMES = ("http", "https", "HTTPS")
#: Each host, and whether no other machine can reach it.
HOSTS = {
    "127.0.0.1": True,
    "127.0.0.1:8000": True,
    "127.8.8.8": True,
    "localhost:8000": True,
    "LocalHost": True,
    "[::1]:8000": True,
    "line.example.com": False,
    "localhost.example.com": False,
    "127.0.0.1.example.com": False,
    "0.0.0.0:8000": False,
    "[::]": False,
    "192.168.1.7": False,
    "10.0.0.7:8000": False,
    "2130706433": False,
}
#: Each account, and whether it is the simulator's.
ACCOUNTS = {
    "nothing": ({}, True),
    "the simulator's": (
        {"TWILIO_ACCOUNT_SID": SIMULATED_ACCOUNT, "TWILIO_AUTH_TOKEN": SIMULATED_TOKEN},
        True,
    ),
    "a real one": ({name: PRODUCTION[name] for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")}, False),
    "a real one, with the simulator's token": (
        {"TWILIO_ACCOUNT_SID": PRODUCTION["TWILIO_ACCOUNT_SID"], "TWILIO_AUTH_TOKEN": SIMULATED_TOKEN},
        False,
    ),
}
#: Each key, and whether it is nobody's guess.
SECRETS = {
    "": False,
    DEVELOPMENT_SECRET: False,
    DEVELOPMENT_SECRET * 2: False,
    "x" * 64: False,
    PRODUCTION["SECRET_KEY"]: True,
}
#: Stripe's key, and whether money is taken with it.
STRIPES = {"": False, "sk_test_1": False, "rk_live_1": True}


def test_no_printed_key_holds_but_on_a_desk() -> None:
    """Every scheme, host, account, key of ours and key of Stripe's, together: 2,520 environments."""
    started = dict.fromkeys(("desk", "production"), 0)
    for scheme, host, account, secret, stripe in product(SCHEMES, HOSTS, ACCOUNTS, SECRETS, STRIPES):
        given, is_simulated = ACCOUNTS[account]
        environment = {
            "PUBLIC_URL": f"{scheme}://{host}",
            "DATABASE_URL": "sqlite://",
            "SECRET_KEY": secret,
            **given,
            **(
                {"STRIPE_API_KEY": stripe, "STRIPE_WEBHOOK_SECRET": f"whsec_{'q8ZrT1kXw0Ld7PvB3nJs5HyUf2Mc'}"}
                if stripe
                else {}
            ),
        }
        is_desk = HOSTS[host] and is_simulated and not STRIPES[stripe]
        is_private = scheme.lower() == "https" or HOSTS[host]
        is_whole = is_private and account == "a real one" and SECRETS[secret]
        assert (not faults(environment)) == (is_desk or is_whole), environment
        if is_desk or is_whole:
            config = from_environment(environment)
            assert config.is_production != is_desk, environment
            assert is_desk or not {config.secret_key, config.twilio_auth_token} & IN_WORDS
            started["desk" if is_desk else "production"] += 1
    assert all(started.values())


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "SECOND_SECRET_KEY", "TWILIO_AUTH_TOKEN", "SECOND_TWILIO_AUTH_TOKEN"]
)
@pytest.mark.parametrize("weak", ["short", "0" * 32, "changeme" * 8, "deadbeef" * 4, "1234567890" * 5])
def test_what_can_be_guessed_is_refused(name: str, weak: str) -> None:
    (fault,) = faults(PRODUCTION | {name: weak})

    assert fault.startswith(f"{name}: missing")


def test_a_token_is_as_twilio_writes_it() -> None:
    assert faults(PRODUCTION | {"TWILIO_AUTH_TOKEN": PRODUCTION["TWILIO_AUTH_TOKEN"].upper()}) == []
    assert faults(PRODUCTION | {"TWILIO_AUTH_TOKEN": PRODUCTION["TWILIO_AUTH_TOKEN"][:-1] + "g"}) != []


@given(st.binary(min_size=16, max_size=16))
def test_keys_made_by_chance_are_never_refused(key: bytes) -> None:
    """Hypothesis likes zeros, which chance does not: hashed, all bits are as likely."""
    assert faults(PRODUCTION | {"SECRET_KEY": sha256(key).hexdigest()[:32]}) == []


def test_two_keys_and_two_tokens_hold_during_a_rotation() -> None:
    new, other = "c2b7d9406e1f83a5920d7e4bb816f35a", "57e0a1c9f3b26d84d09c4a7be1f8356b"
    config = from_environment(PRODUCTION | {"SECOND_SECRET_KEY": other, "SECOND_TWILIO_AUTH_TOKEN": new})

    assert config.secret_keys == (other, PRODUCTION["SECRET_KEY"]), "the last one signs"
    assert config.twilio_auth_tokens == (PRODUCTION["TWILIO_AUTH_TOKEN"], new), "the first one opens REST"


def test_the_scheme_and_the_host_are_written_small() -> None:
    assert from_environment(PRODUCTION | {"PUBLIC_URL": "HTTPS://Line.Example.COM"}).public_url == (
        "https://line.example.com"
    )


def test_a_whole_environment_is_production() -> None:
    config = from_environment(PRODUCTION)

    assert config.is_production
    assert config.twilio_api_url == "https://api.twilio.com"


def test_an_address_is_kept_without_its_last_slash() -> None:
    config = from_environment(
        PRODUCTION
        | {"PUBLIC_URL": " https://a/ ", "TWILIO_API_URL": "https://b/", "STRIPE_API_URL": "https://c/"}
    )

    assert (config.public_url, config.twilio_api_url, config.stripe_api_url) == (
        "https://a",
        "https://b",
        "https://c",
    )


def test_the_number_may_be_written_in_any_shape() -> None:
    assert (
        from_environment(DESK | {"TWILIO_PHONE_NUMBER": "1 (877) 943\N{EN DASH}7675"}).twilio_phone_number
        == "+18779437675"
    )


def remedy_in_production(name: str) -> str:
    return next(one.in_production.remedy for one in VARIABLES if one.name == name)


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
        f"SECRET_KEY: {remedy_in_production('SECRET_KEY')}",
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
            for url in (
                *("", "line.example.com", "https://", "http://x:99999", "ftp://x", "https://x/path"),
                *("https://user:password@x", "https://user@x", "https://x?y", "https://x#y", "https://x\\y"),
                *("https://x y", "https://[x]", "https:///x", "https://x:0", "javascript:alert(1)"),
            )
        ),
        ("DATABASE_URL", "mysql://x"),
        ("TWILIO_ACCOUNT_SID", "AC12"),
        ("TWILIO_PHONE_NUMBER", "943-7675"),
        *((name, url) for name in ("TWILIO_API_URL", "STRIPE_API_URL") for url in NOT_PRIVATE),
        ("STRIPE_API_KEY", "pk_test_1"),
        ("STRIPE_WEBHOOK_SECRET", "sk_test_1"),
        ("SENTRY_DSN", "https://sentry.io"),
        ("SENTRY_DSN", "http://key@sentry.example/1"),
        ("METRICS_TOKEN", "0123456789abcde"),
        ("METRICS_TOKEN", "x" * 16),
        ("SMTP_URL", "smtp://host/path"),
        ("BACKUP_TO", "backups"),
        ("BACKUP_TO", "s3://bucket/prefix"),
        ("BACKUP_TO", "s3://key:secret@s3.example.com"),
        ("BACKUP_TO", "s3://key:secret@s3.example.com/bucket?acl=public"),
        ("BACKUP_DAYS", "0"),
        ("BACKUP_RECIPIENT", "ssh-ed25519 AAAA"),
        ("PRICES_FILE", "/no/such/file"),
        ("MAIL_FROM", "Office <office@example.com>"),
    ],
)
def test_a_value_must_be_one(name: str, value: str) -> None:
    remedy = next(one.rule.remedy for one in VARIABLES if one.name == name)

    assert f"{name}: {remedy}" in faults(DESK | {name: value})


@pytest.mark.parametrize(
    ("key", "secret", "is_right"),
    [
        ("", "", True),
        ("sk_test_1", "whsec_1", True),
        ("rk_live_1", "whsec_1", False),
        ("rk_live_1", "whsec_" + "q8ZrT1kXw0Ld7PvB3nJs5HyUf2Mc", True),
        ("sk_test_1", "", False),
        ("", "whsec_1", False),
        ("pk_test_1", "whsec_1", False),
        ("sk_test_1", "sk_test_1", False),
    ],
)
def test_stripe_has_both_its_secrets_or_none(key: str, secret: str, is_right: bool) -> None:  # noqa: FBT001
    environment = (PRODUCTION if "live" in key else DESK) | {
        "STRIPE_API_KEY": key,
        "STRIPE_WEBHOOK_SECRET": secret,
    }
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


DOCUMENTS = {"README.md": readme, ".env.example": env_example}


def test_what_leaves_this_machine_is_encrypted() -> None:
    away = {"BACKUP_TO": "s3://key:secret@s3.example.com:9000/bucket/of/ours?region=us-west-2"}
    (missing,) = faults(DESK | away)

    assert missing.startswith("BACKUP_RECIPIENT: missing")
    assert faults(DESK | away | {"BACKUP_RECIPIENT": "age1" + "q" * 58}) == []
    assert faults(DESK | {"BACKUP_TO": "/backups"}) == []


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
