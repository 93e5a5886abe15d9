"""Where jobs send legs: the steps of the script that can be entered from outside a call's own turns."""

from typing import Any
from urllib.parse import urlencode

from flows import briefing, callback, desk, rescue, screening, waiting
from ivr.telephony.interfaces import Door, Doors
from ivr.voice import Step


def doors(public_url: str) -> Doors:
    """The doors of this script, as absolute URLs below ``public_url``."""

    def door(step: Step[Any]) -> Door:
        return lambda **ids: public_url + step.path(**ids)

    def address(path: str) -> Door:
        return lambda **ids: public_url + path + (f"?{urlencode(ids)}" if ids else "")

    return Doors(
        screening=door(screening.brief),
        briefing=door(briefing.brief),
        joined=door(waiting.joined),
        ringing=door(desk.ringing),
        consultation=door(desk.consultation),
        nobody_took_it=door(desk.nobody_took_it),
        caller_gone=door(desk.caller_gone),
        back=door(desk.back),
        ring_back=door(desk.ring_back),
        staff_left=door(rescue.staff_left),
        nobody_came=door(rescue.nobody_came),
        rung_back=door(callback.answered),
        hold_music=address("/voice/hold_music"),
        test_ring=address("/voice/test_ring"),
        status=address("/voice/status"),
        recording=address("/voice/recording"),
        fallback=address("/voice/fallback"),
    )
