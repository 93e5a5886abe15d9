"""Email addresses: what a form takes can be put into an envelope, and what is refused says why."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from ivr.company.policy import rules as policy_rules
from ivr.core.config import DESK, from_environment
from ivr.core.email_addresses import email_fault, email_meant, in_envelope, is_email
from ivr.core.errors import BadConfigError
from ivr.platform.providers.mailer import Letter
from ivr.platform.providers.mime import written
from ivr.platform.providers.smtp_url import one_line
from ivr.web.console.intake import forms

LETTER = Letter("maria@example.com", "Hello", "Hi.\n", "<p>Hi.</p>", "en", "<letter.1.0a@example.com>", "Us")
NOT_ONE = "That isn't an email address. Enter one such as maria@example.com."
LABEL = "b" * 63
TOO_LONG_A_HOST = ".".join((LABEL, LABEL, "b" * 62))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("maria..diaz@example.com", "There are two dots side by side before the @."),
        (".maria@example.com", "An email address cannot begin with a dot."),
        ("maria.@example.com", "There is a dot just before the @."),
        (
            "maría@example.com",
            "Mail servers do not take “í” before the @. Ask for the address in plain letters.",
        ),
        ("ma\uff52ia@example.com", "Mail servers do not take “\uff52” before the @."),
        ('"maria diaz"@example.com', "There is a space in this email address."),
        ('"maria"@example.com', 'Mail servers do not take “"” before the @.'),
        ("maria diaz@example.com", "There is a space in this email address."),
        ("maria@exam ple.com", "There is a space in this email address."),
        ("m" * 65 + "@example.com", "There are more than 64 characters before the @."),
        (f"{'m' * 64}@{TOO_LONG_A_HOST}", "An email address has at most 254 characters."),
        ("marialuisa@" + ".".join(["ü" * 54] * 4) + ".de", "An email address has at most 254 characters."),
        ("maria@example..com", "No email can be sent to “example..com”"),
        ("maria@example.com.", "No email can be sent to “example.com.”"),
        ("maria@-example.com", "No email can be sent to “-example.com”"),
        ("maria@exa_mple.com", "No email can be sent to “exa_mple.com”"),
        (f"maria@b{LABEL}.com", "No email can be sent to"),
        ("maria@" + "ü" * 60 + ".de", "No email can be sent to"),
        ("maria@example", "No email can be sent to “example”"),
        ("maria@192.0.2.1", "No email can be sent to “192.0.2.1”"),
        ("maria@[192.0.2.1]", "No email can be sent to"),
        ("maria@\N{HOT BEVERAGE}.com", "No email can be sent to"),
        ("", NOT_ONE),
        ("maria", NOT_ONE),
        ("maria@", NOT_ONE),
        ("@example.com", NOT_ONE),
        ("maria@example@example.com", NOT_ONE),
        ("maria@example.com, rosa@example.com", NOT_ONE),
        ("Maria <maria@example.com>", NOT_ONE),
        ("maria\N{ZERO WIDTH SPACE}@example.com", NOT_ONE),
        ("maria@example.com\nBcc: all@example.com", NOT_ONE),
    ],
)
def test_what_no_letter_can_be_addressed_to_is_refused_with_why(typed: str, why: str) -> None:
    fault = email_fault(typed)

    assert fault is not None
    assert fault.startswith(why)
    assert "contact_email" in forms.read({"contact_email": typed or "x"})[1]


@pytest.mark.parametrize(
    ("typed", "in_ascii"),
    [
        ("maria@example.com", "maria@example.com"),
        ("Maria.Diaz+Work@Example.COM", "Maria.Diaz+Work@Example.COM"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("m" * 64 + "@example.com", "m" * 64 + "@example.com"),
        ("maria@müller.example", "maria@xn--mller-kva.example"),
        ("maria@MÜLLER.example", "maria@xn--mller-kva.example"),
        ("maria@faß.example", "maria@xn--fa-hia.example"),
        ("maria@núñez.com.mx", "maria@xn--nez-7ma8b.com.mx"),
        ("maria@例え.jp", "maria@xn--r8jz45g.jp"),
        ("maria@example。com", "maria@example.com"),
        ("maria@xn--mller-kva.example", "maria@xn--mller-kva.example"),
        ("maria@ab--cd.example", "maria@ab--cd.example"),
    ],
)
def test_the_envelope_has_the_domain_in_idna_and_the_form_keeps_what_was_typed(
    typed: str, in_ascii: str
) -> None:
    assert in_envelope(typed) == in_ascii
    assert forms.read({"contact_email": f" {typed} "})[0]["contact_email"] == typed
    sent = written(replace(LETTER, to=typed), "us@example.com")
    assert message_from_bytes(sent, policy=policy.default)["To"] == in_ascii


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(
    box=some.lists(some.text("ab+'ñ\"", min_size=1, max_size=30), min_size=1, max_size=3).map(".".join),
    host=some.lists(some.text("abüß1-_例", min_size=1, max_size=30), min_size=2, max_size=4),
    dot=some.sampled_from([".", "\u3002", ".."]),
)
def test_whatever_is_taken_is_written_in_ascii(box: str, host: list[str], dot: str) -> None:
    address = f"{box}@{dot.join(host)}"
    assume(is_email(address))

    message = message_from_bytes(
        written(replace(LETTER, to=address), "us@example.com"), policy=policy.default
    )

    assert message["To"].addresses[0].addr_spec == in_envelope(address)
    assert in_envelope(address).isascii()


@given(name=some.text(max_size=200), subject=some.text(max_size=300))
def test_no_name_and_no_subject_breaks_a_letter(name: str, subject: str) -> None:
    letter = replace(LETTER, sender=one_line(name) or "Us", subject=one_line(subject))

    sent = written(letter, "us@example.com")
    read = message_from_bytes(sent, policy=policy.default)

    assert sent.isascii()
    assert [*read] == [*message_from_bytes(written(LETTER, "us@example.com"))]
    assert read["Subject"] == letter.subject
    assert [one.addr_spec for one in read["From"].addresses] == ["us@example.com"]


@pytest.mark.parametrize(
    "good",
    [
        "rosa@gmail.com.mx",
        "rosa@yahoo.com.mx",
        "rosa@yahoo.com.ar",
        "rosa@yahoo.co.uk",
        "rosa@yahoo.es",
        "rosa@yahoo.ca",
        "rosa@hotmail.es",
        "rosa@hotmail.ca",
        "rosa@hotmail.cl",
        "rosa@hotmail.com.mx",
        "rosa@outlook.cl",
        "rosa@outlook.com.br",
        "rosa@live.com.mx",
        "rosa@live.ca",
        "rosa@icloud.com.cn",
        "rosa@olive.com",
        "rosa@prodigy.net.mx",
    ],
)
def test_a_good_foreign_address_is_not_shortened(good: str) -> None:
    assert email_meant(good) is None


@pytest.mark.parametrize("slip", ["rosa@gmail.co", "rosa@gmail.cm", "rosa@gmail.om", "rosa@gmai.com"])
def test_a_slip_is_still_noticed(slip: str) -> None:
    assert email_meant(slip) == "rosa@gmail.com"


def test_an_address_that_an_earlier_release_kept_stops_no_call() -> None:
    assert policy_rules.policy({"operations_email": "buzón@example.com"}).operations_email is None


@pytest.mark.parametrize(
    ("sender", "kept"),
    [("office@müller.example", "office@xn--mller-kva.example"), ("line@intranet", "line@intranet")],
)
def test_our_own_address_is_in_ascii_too(sender: str, kept: str) -> None:
    assert from_environment(DESK | {"MAIL_FROM": sender}).mail_from == kept


@pytest.mark.parametrize("sender", ["büro@example.com", "office..us@example.com", "Us <office@example.com>"])
def test_a_sender_that_no_server_takes_stops_the_start(sender: str) -> None:
    with pytest.raises(BadConfigError, match="MAIL_FROM"):
        from_environment(DESK | {"MAIL_FROM": sender})
