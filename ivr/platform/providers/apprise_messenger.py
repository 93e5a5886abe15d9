"""Messages by apprise, which knows the services. Loaded when the first alarm leaves: it takes most of a second."""

import logging
from collections.abc import Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from ivr.core.config_checks import IPNetwork
from ivr.platform.providers.messenger import BadServiceError, MessageLaterError
from ivr.platform.providers.outbound_guard import is_outside, only_outside

if TYPE_CHECKING:
    from apprise.plugins.base import NotifyBase

#: What an address may begin with. All of them send over https, or to a server of one's own over http; none runs a
#: program, writes a file or opens another protocol.
SCHEMAS: Final = frozenset(
    {
        *("slack", "workflows", "workflow", "ntfy", "ntfys", "discord", "gchat", "webex", "wxteams", "tgram"),
        *("pover", "pagerduty", "opsgenie", "signl4", "squadcast", "spike", "zulip", "mmost", "mmosts"),
        *("rocket", "rockets", "matrix", "matrixs", "gotify", "gotifys", "json", "jsons", "form", "forms"),
    }
)
#: Characters: the longest address of these services has a few hundred.
LONGEST_ADDRESS: Final = 2000


class AppriseMessenger:
    """A ``Messenger``. ``allowed`` are the private networks that messages may go to."""

    def __init__(self, allowed: Sequence[IPNetwork] = ()) -> None:
        self._allowed = tuple(allowed)

    def name_of(self, url: str) -> str:
        return str(self._plugin(url).service_name)

    def send(self, url: str, *, title: str, text: str) -> None:
        plugin = self._plugin(url)
        with only_outside(self._allowed):
            try:
                taken = plugin.notify(title=title, body=text)
            except Exception as fault:  # noqa: BLE001  # a plugin's words may hold the address
                raise MessageLaterError(type(fault).__name__) from None
        if not taken:
            raise MessageLaterError("not taken")

    def _plugin(self, url: str) -> "NotifyBase":
        from apprise import Apprise, AppriseAsset, PersistentStoreMode  # noqa: PLC0415

        # What it logs has addresses in it.
        logging.getLogger("apprise").disabled = True
        if not 0 < len(url) <= LONGEST_ADDRESS or not url.isprintable():
            raise BadServiceError
        asset = AppriseAsset(
            http_redirects=False,  # a service that has moved gives a new address
            storage_mode=PersistentStoreMode.MEMORY,
            secure_logging=True,
        )
        plugin = Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
        if plugin is None or SCHEMAS.isdisjoint(_schemas(plugin)):
            raise BadServiceError
        leads_to = plugin.url()  # type: ignore[no-untyped-call]  # so in apprise
        host = urlsplit(str(leads_to)).hostname or ""
        if _is_number(host) and not is_outside(host, self._allowed):
            raise BadServiceError(
                "That address is of a private network. Whoever runs the service can allow it."
            )
        return plugin


def _schemas(plugin: "NotifyBase") -> set[str]:
    """Return the beginnings of addresses that this plugin has for itself."""
    found: set[str] = set()
    for names in (plugin.protocol, plugin.secure_protocol):
        found |= {names} if isinstance(names, str) else set(names or ())
    return found


def _is_number(host: str) -> bool:
    """Whether the host is an IP address. Names, and numbers in other clothes, are looked at when they are connected."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
