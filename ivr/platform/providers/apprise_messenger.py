"""Messages by apprise, which knows the services. Loaded when the first alarm leaves: it takes half a second."""

import logging
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from ivr.core.config_checks import IPNetwork
from ivr.platform.providers.messenger import BadServiceError, MessageLaterError
from ivr.platform.providers.outbound_guard import is_outside, only_outside

if TYPE_CHECKING:
    from apprise.plugins.base import NotifyBase

#: The services that alarms may go to, by apprise's module. All of them are asked over http or https; none of them runs
#: a program, writes a file or opens another protocol. Apprise's other hundred are not even loaded.
SERVICES: Final[Mapping[str, str]] = {
    "slack": "NotifySlack",
    "workflows": "NotifyWorkflows",  # Teams
    "ntfy": "NotifyNtfy",
    "discord": "NotifyDiscord",
    "google_chat": "NotifyGoogleChat",
    "webexteams": "NotifyWebexTeams",
    "telegram": "NotifyTelegram",
    "pushover": "NotifyPushover",
    "pagerduty": "NotifyPagerDuty",
    "opsgenie": "NotifyOpsgenie",
    "signl4": "NotifySIGNL4",
    "squadcast": "NotifySquadcast",
    "spike": "NotifySpike",
    "zulip": "NotifyZulip",
    "mattermost": "NotifyMattermost",
    "rocketchat": "NotifyRocketChat",
    "matrix": "NotifyMatrix",
    "gotify": "NotifyGotify",
    "custom_json": "NotifyJSON",
    "custom_form": "NotifyForm",
}
#: Characters: the longest address of these services has a few hundred.
LONGEST_ADDRESS: Final = 2000
#: Seconds, whatever the address asks for.
_PATIENCE: Final = 10.0
#: What an address may ask apprise for, and we decide: how long to wait, how often to try, where to be redirected.
_OURS: Final = frozenset({"cto", "rto", "retry", "wait", "redirect", "optional", "emojis", "store", "tz"})


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
            except Exception as fault:  # noqa: BLE001  # its words may hold the address
                raise MessageLaterError(type(fault).__name__) from None
        if not taken:
            raise MessageLaterError("not taken")

    def _plugin(self, url: str) -> "NotifyBase":
        from apprise import AppriseAsset, PersistentStoreMode  # noqa: PLC0415  # few processes send alarms

        if not 0 < len(url) <= LONGEST_ADDRESS or not url.isprintable():
            raise BadServiceError
        asset = AppriseAsset(
            http_redirects=False,  # a service that has moved gives a new address
            storage_mode=PersistentStoreMode.MEMORY,
            secure_logging=True,
        )
        try:
            kind, asked = _read(url)
            plugin: NotifyBase = kind(asset=asset, **{k: v for k, v in asked.items() if k not in _OURS})
            leads_to = plugin.url()  # type: ignore[no-untyped-call]  # so in apprise
        except Exception:  # noqa: BLE001  # whatever a plugin makes of it, it is no address
            raise BadServiceError from None
        plugin.socket_connect_timeout = plugin.socket_read_timeout = _PATIENCE
        host = {"localhost": "127.0.0.1"}.get(found := urlsplit(str(leads_to)).hostname or "", found)
        if _is_number(host) and not is_outside(host, self._allowed):
            raise BadServiceError(
                "That address is of a private network. Whoever runs the service can allow it."
            )
        return plugin


def _read(url: str) -> tuple[Any, dict[str, Any]]:
    """Return the plugin that an address is for, and what it says. An https address may be one that a service gave out.

    Raises BadServiceError.
    """
    schema = url.partition("://")[0].lower()
    for plugin, schemas in _plugins().items():
        asked = plugin.parse_url(url) if schema in schemas else plugin.parse_native_url(url)
        if asked:
            return plugin, asked
    raise BadServiceError


@cache
def _plugins() -> dict[Any, frozenset[str]]:
    """Return the plugins, each with the beginnings of its addresses."""
    logging.getLogger("apprise").disabled = True  # what it logs has addresses in it
    found = {}
    for module, name in SERVICES.items():
        plugin = getattr(import_module(f"apprise.plugins.{module}"), name)
        written = (plugin.protocol, plugin.secure_protocol)
        found[plugin] = frozenset(re.findall(r"[a-z0-9]+", str(written).replace("None", "")))
    return found


def _is_number(host: str) -> bool:
    """Whether the host is an IP address. Names, and numbers in other clothes, are looked at when they are connected."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
