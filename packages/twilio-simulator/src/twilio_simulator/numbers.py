"""The numbers an account owns, and what is written on them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from twilio_simulator import sid
from twilio_simulator.clock import Clock

#: The toll-free codes of North America.
TOLL_FREE: Final = tuple(f"+1{code}" for code in (800, 833, 844, 855, 866, 877, 888))
E164: Final = re.compile(r"\+[1-9]\d{6,14}")


def is_e164(number: str) -> bool:
    return E164.fullmatch(number) is not None


@dataclass
class Number:
    """An IncomingPhoneNumber."""

    sid: str
    number: str
    voice_url: str
    created: datetime
    voice_method: str = "POST"
    voice_fallback_url: str | None = None
    voice_fallback_method: str = "POST"
    status_callback: str | None = None
    status_callback_method: str = "POST"
    friendly_name: str = ""
    #: The application or the trunk that has its calls, in place of the URLs; never both.
    voice_application_sid: str | None = None
    trunk_sid: str | None = None
    voice_receive_mode: str = "voice"

    @property
    def kind(self) -> str:
        """The resource that lists it: TollFree or Local."""
        return "TollFree" if self.number.startswith(TOLL_FREE) else "Local"

    def ignores_urls(self, *, in_fax_mode: bool) -> bool:
        """Whether its calls go elsewhere. ``in_fax_mode``: whether fax mode counts."""
        elsewhere = self.voice_application_sid or self.trunk_sid
        return elsewhere is not None or (in_fax_mode and self.voice_receive_mode == "fax")


class Numbers:
    """``verified`` numbers may be shown to the called party without being owned."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._owned: dict[str, Number] = {}
        self.verified: set[str] = set()

    def __iter__(self) -> Iterator[Number]:
        return iter(self._owned.values())

    def add(
        self, number: str, voice_url: str, voice_fallback_url: str | None, status_callback: str | None
    ) -> Number:
        if not is_e164(number):
            raise ValueError(f"{number!r} is not in E.164")
        self._owned[number] = Number(
            sid.new("PN"),
            number,
            voice_url,
            self._clock.now(),
            voice_fallback_url=voice_fallback_url,
            status_callback=status_callback,
            friendly_name=number,
        )
        return self._owned[number]

    def owned(self, number: str) -> Number | None:
        return self._owned.get(number)

    def by_sid(self, number_sid: str) -> Number | None:
        return next((number for number in self._owned.values() if number.sid == number_sid), None)

    def may_show(self, number: str) -> bool:
        return number in self._owned or number in self.verified
