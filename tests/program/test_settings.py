"""The environment: all faults at once, and none of it undocumented."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from ivr.core.config import SIMULATED_ACCOUNT, Settings, from_environment
from ivr.core.errors import BadSettingsError

TOP = Path(__file__).parents[2]
PRODUCTION = {
    "PUBLIC_URL": "https://line.example.com",
    "DATABASE_URL": "postgresql://line@db/line",
    "SECRET_KEY": "x" * 32,
    "TWILIO_ACCOUNT_SID": "AC" + "a" * 32,
    "TWILIO_AUTH_TOKEN": "secret",
}


def test_an_empty_environment_is_the_desk() -> None:
    settings = from_environment({})

    assert settings.twilio_account_sid == SIMULATED_ACCOUNT
    assert settings.twilio_api_url.startswith("http://127.0.0.1")
    assert settings.twilio_phone_number == "+18779437675"
    assert settings.is_simulated
    assert not settings.is_production


def test_a_whole_environment_is_production() -> None:
    settings = from_environment(PRODUCTION)

    assert settings.is_production
    assert settings.twilio_api_url == "https://api.twilio.com"


def test_every_fault_is_named_at_once() -> None:
    environment = {
        "PUBLIC_URL": "https://line.example.com",
        "DATABASE_URL": "mysql://x",
        "SECRET_KEY": "short",
        "TWILIO_PHONE_NUMBER": "943-7675",
        "TWILIO_ACCOUNT_SID": "AC12",
        "CLOCK_FILE": "clock",
    }

    with pytest.raises(BadSettingsError) as refused:
        from_environment(environment)

    for name in (
        "DATABASE_URL",
        "SECRET_KEY",
        "TWILIO_PHONE_NUMBER",
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
    ):
        assert name in str(refused.value)
    assert "CLOCK_FILE" in str(refused.value)


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "PUBLIC_URL"])
def test_production_guesses_nothing(name: str) -> None:
    with pytest.raises(BadSettingsError, match=name):
        from_environment({**PRODUCTION, name: ""})


@pytest.mark.parametrize(
    "url", ["line.example.com", "https://", "http://x:99999", "ftp://x", "https://x/path"]
)
def test_an_address_must_be_one(url: str) -> None:
    with pytest.raises(BadSettingsError, match="PUBLIC_URL"):
        from_environment({"PUBLIC_URL": url})


@pytest.mark.parametrize("document", ["README.md", ".env.example"])
def test_every_setting_is_documented(document: str) -> None:
    names = {field.name.upper() for field in fields(Settings)} | {"CLOCK_FILE"}
    text = (TOP / document).read_text(encoding="utf-8")

    documented = set(re.findall(r"^#? ?\|? ?`?([A-Z][A-Z_]{4,})`?(?= ?[=|])", text, re.MULTILINE))
    assert documented == names


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
        with pytest.raises(BadSettingsError, match="STRIPE"):
            from_environment(environment)
