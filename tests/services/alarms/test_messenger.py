"""Messages leave by apprise, and no address that is typed leads a request to this machine or its neighbors."""

import socket
from ipaddress import ip_network
from threading import Thread
from typing import Any

import pytest
from werkzeug import Response

from ivr.platform.providers.apprise_messenger import SERVICES, AppriseMessenger
from ivr.platform.providers.messenger import BadServiceError, MessageLaterError
from ivr.platform.providers.outbound_guard import NotOutsideError, is_outside, only_outside
from tests.support.alarms import Chat
from tests.support.serving import served

HERE = [ip_network("127.0.0.0/8")]
#: As the services give them out, or as apprise writes them.
ADDRESSES = {
    "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ": "Slack",
    "https://prod-12.westus.logic.azure.com:443/workflows/abcd/triggers/manual/paths/invoke?api-version=2016-06-01"
    "&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=abcdef": "Power Automate / Workflows (for MSTeams)",
    "https://ntfy.sh/our-line": "ntfy",
    "https://discord.com/api/webhooks/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js": "Discord",
    "ntfys://user:password@ntfy.example.com/our-line": "ntfy",
    "jsons://example.com/alarms": "JSON",
}


@pytest.mark.parametrize(("url", "name"), ADDRESSES.items())
def test_the_usual_services_are_known(url: str, name: str) -> None:
    assert AppriseMessenger().name_of(url) == name


@pytest.mark.parametrize(
    "url",
    [
        *("", "nonsense", "https://example.com/hook", "http://127.0.0.1/", "json://" + "x" * 2000),
        *("file:///etc/passwd", "syslog://", "dbus://", "exec://ls", "mailto://a:b@example.com"),
        *(
            "windows://",
            "gnome://",
            "macosx://",
            "kodi://127.0.0.1",
            "mqtt://127.0.0.1/a",
            "smpp://127.0.0.1",
        ),
        *(
            "json://127.0.0.1/",
            "json://localhost/",
            "json://[::1]/",
            "json://10.1.2.3/",
            "json://169.254.169.254/",
        ),
        *("json://[::ffff:127.0.0.1]/", "json://192.168.7.7:8080/x", "json://0.0.0.0/", "json://a\nb/"),
    ],
)
def test_all_others_are_refused_when_they_are_typed(url: str) -> None:
    with pytest.raises(BadServiceError) as refused:
        AppriseMessenger().name_of(url)
    assert not url or url not in str(refused.value)


def test_a_message_arrives(chat: Chat) -> None:
    AppriseMessenger(HERE).send(chat.url, title="Alarm", text="A line\nand another")
    assert chat.messages == [("Alarm", "A line\nand another")]


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "localhost.", "127.1"])
def test_a_name_that_leads_here_is_found_when_it_is_connected(chat: Chat, host: str) -> None:
    """Looked up only then, as a name may lead elsewhere each time."""
    url = chat.url.replace("127.0.0.1", host)
    with pytest.raises((MessageLaterError, BadServiceError)):
        AppriseMessenger().send(url, title="Alarm", text="x")
    assert chat.messages == []


def test_an_answer_leads_nowhere_else(chat: Chat) -> None:
    """A redirect of a server that may be reached, to one that may not."""

    def elsewhere(environ: Any, start: Any) -> Any:
        return Response(status=307, headers={"Location": chat.address})(environ, start)

    with served(elsewhere) as address, pytest.raises(MessageLaterError):
        AppriseMessenger(HERE).send(address.replace("http:", "json:") + "/?redirect=yes", title="A", text="x")
    assert chat.messages == []


def test_other_threads_connect_as_ever(chat: Chat) -> None:
    port = int(chat.address.rpartition(":")[2])
    reached: list[bool] = []

    def connect() -> None:
        with socket.create_connection(("127.0.0.1", port)):
            reached.append(True)

    with only_outside(()):
        with pytest.raises(NotOutsideError):
            connect()
        other = Thread(target=connect)
        other.start()
        other.join()
    connect()
    assert reached == [True, True]


@pytest.mark.parametrize(
    ("number", "outside"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        *((one, False) for one in ("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254")),
        ("0.0.0.0", False),  # noqa: S104  # nothing is bound
        *((one, False) for one in ("224.0.0.1", "255.255.255.255", "100.64.0.1", "::1", "fe80::1%eth0")),
        *(
            (one, False)
            for one in ("fd00::1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "example.com")
        ),
        # Where a network translates: to its own addresses, in the old way, and within a site.
        *((one, False) for one in ("64:ff9b:1::7f00:1", "::ffff:0:7f00:1", "::7f00:1", "fec0::1")),
        ("64:ff9b::5db8:d822", True),
    ],
)
def test_what_is_outside(*, number: str, outside: bool) -> None:
    assert is_outside(number) is outside


def test_every_service_is_there() -> None:
    """In the version of apprise that is locked."""
    assert len(SERVICES) == 20
    with pytest.raises(BadServiceError):
        AppriseMessenger().name_of("no://such")
