"""Letters go to a real mail server: encrypted where they must be, refused now or for good, and never garbled."""

import ssl
from dataclasses import replace
from socket import create_server

import pytest

from ivr.platform.providers.mailer import Attachment, Letter, MailLaterError, MailRefusedError
from ivr.platform.providers.smtp import SmtpMailer
from ivr.platform.providers.smtp_url import Server, server_of
from tests.support.postbox import Opens

SENDER = "line@example.com"
LETTER = Letter(
    to="customer@example.com",
    subject="Su pago de $350, referencia K7M3QX ñ",
    text="Gracias.\n",
    html="<p>Gracias.</p>",
    language="es",
    message_id="<letter.1.0a0a@example.com>",
    sender="Onsite Support, Ltd. <é>",
    attachments=(Attachment("visit.ics", "text/calendar", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),),
)


def test_a_letter_arrives_whole(opens: Opens) -> None:
    postbox = opens()

    SmtpMailer(postbox.server(), SENDER).send(LETTER)

    (letter,) = postbox.letters
    text, page = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text
    assert page
    assert (letter["Subject"], letter["To"]) == (LETTER.subject, LETTER.to)
    assert letter["From"].addresses[0].addr_spec == SENDER
    assert letter["From"].addresses[0].display_name == "Onsite Support, Ltd. <é>"
    assert (letter["Message-ID"], letter["Content-Language"]) == (LETTER.message_id, "es")
    assert (text.get_content().strip(), page.get_content().strip()) == ("Gracias.", "<p>Gracias.</p>")
    (file,) = letter.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("visit.ics", "text/calendar")
    assert "END:VCALENDAR" in file.get_content()


def test_starttls_is_demanded_and_the_certificate_looked_at(
    opens: Opens, certified: ssl.SSLContext, trust: ssl.SSLContext
) -> None:
    plain, encrypted = opens(), opens(tls_context=certified)

    with pytest.raises(MailLaterError, match="STARTTLS"):
        SmtpMailer(plain.server("starttls"), SENDER, trust).send(LETTER)
    with pytest.raises(MailLaterError, match="CERTIFICATE_VERIFY_FAILED"):
        SmtpMailer(encrypted.server("starttls"), SENDER).send(LETTER)
    SmtpMailer(encrypted.server("starttls"), SENDER, trust).send(LETTER)

    assert plain.letters == []
    assert encrypted.was_encrypted == [True]


def test_smtps_is_encrypted_from_the_first_byte(
    opens: Opens, certified: ssl.SSLContext, trust: ssl.SSLContext
) -> None:
    postbox = opens(ssl_context=certified)

    with pytest.raises(MailLaterError, match="CERTIFICATE_VERIFY_FAILED"):
        SmtpMailer(postbox.server("tls"), SENDER).send(LETTER)
    SmtpMailer(postbox.server("tls"), SENDER, trust).send(LETTER)

    assert postbox.was_encrypted == [True]


def test_a_wrong_password_is_our_fault_and_not_the_letters(
    opens: Opens, certified: ssl.SSLContext, trust: ssl.SSLContext
) -> None:
    postbox = opens(tls_context=certified, auth_require_tls=True)

    with pytest.raises(MailLaterError, match="535"):
        SmtpMailer(postbox.server("starttls", "line@example.com", "wrong"), SENDER, trust).check()
    SmtpMailer(postbox.server("starttls", "line@example.com", "right"), SENDER, trust).send(LETTER)

    assert set(postbox.logins[:-1]) == {("line@example.com", "wrong")}, "one try for each way to log in"
    assert postbox.logins[-1] == ("line@example.com", "right")
    assert len(postbox.letters) == 1


@pytest.mark.parametrize("asked", ["to_recipient", "to_data"])
def test_4xx_is_later_and_5xx_is_never(opens: Opens, asked: str) -> None:
    postbox = opens()
    mailer = SmtpMailer(postbox.server(), SENDER)
    getattr(postbox, asked).extend(["451 greylisted", "550 no such user here"])

    with pytest.raises(MailLaterError, match="451 greylisted"):
        mailer.send(LETTER)
    with pytest.raises(MailRefusedError, match="550 no such user here"):
        mailer.send(LETTER)

    assert postbox.letters == []


def test_nobody_listens_or_nobody_answers_is_later() -> None:
    with create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(MailLaterError, match="imed out"):
            SmtpMailer(Server("127.0.0.1", port, "", "", "none"), SENDER, patience=0.1).send(LETTER)
    with pytest.raises(MailLaterError, match="Refused"):
        SmtpMailer(Server("127.0.0.1", port, "", "", "none"), SENDER).send(LETTER)


@pytest.mark.parametrize(
    "unfit",
    [
        replace(LETTER, subject="Estimate\r\nBcc: all@example.com"),
        replace(LETTER, to="customer@example.com\r\nBcc: all@example.com"),
        replace(LETTER, to="customer@example.com, all@example.com"),
        replace(LETTER, sender="Support\nBcc: all@example.com"),
        replace(LETTER, to="ñandú@example.com"),
        replace(LETTER, to="nando..x@example.com"),
        replace(LETTER, to="nando.@example.com"),
        replace(LETTER, to=""),
        replace(LETTER, to="nando@"),
        replace(LETTER, reply_to="nando.@example.com"),
        replace(LETTER, text="half a pair \ud800"),
    ],
)
def test_a_header_that_is_more_than_one_never_leaves(opens: Opens, unfit: Letter) -> None:
    postbox = opens(enable_SMTPUTF8=False)

    with pytest.raises(MailRefusedError):
        SmtpMailer(postbox.server(), SENDER).send(unfit)

    assert postbox.letters == []


def test_an_international_domain_is_written_in_idna(opens: Opens) -> None:
    postbox = opens(enable_SMTPUTF8=False)

    SmtpMailer(postbox.server(), SENDER).send(
        replace(LETTER, to="rosa@müller.example", reply_to="büro@例え.jp".replace("ü", "ue"))
    )

    (letter,) = postbox.letters
    assert postbox.recipients == ["rosa@xn--mller-kva.example"]
    assert (letter["To"], letter["Reply-To"].addresses[0].addr_spec) == (
        "rosa@xn--mller-kva.example",
        "buero@xn--r8jz45g.jp",
    )


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", Server("mail.example.com", 587, "", "", "starttls")),
        ("smtp://u%40x:p%2Fq@mail.example.com:25", Server("mail.example.com", 25, "u@x", "p/q", "starttls")),
        ("smtps://u:p@mail.example.com", Server("mail.example.com", 465, "u", "p", "tls")),
        ("smtp://localhost:2525", Server("localhost", 2525, "", "", "none")),
        ("smtp://127.0.0.2", Server("127.0.0.2", 587, "", "", "none")),
        ("smtp://[::1]:2525", Server("::1", 2525, "", "", "none")),
        ("smtps://localhost", Server("localhost", 465, "", "", "tls")),
        ("smtp://10.0.0.5", Server("10.0.0.5", 587, "", "", "starttls")),
    ],
)
def test_only_this_machine_is_spoken_to_in_the_clear(url: str, server: Server) -> None:
    assert server_of(url) == server
