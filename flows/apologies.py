"""What is said when a turn fails or is refused.

These words need no database and are never played from a recording, so the owner's page of prompts does not list
them.
"""

from ivr.callcenter.routing.offers import NoLongerWantedError
from ivr.core.errors import Refusal
from ivr.platform.voice import _


def apology() -> str:
    """For a turn that failed."""
    return _("I'm sorry, something went wrong on our side. One moment please.")


def refusal(refused: Refusal) -> str:
    """For a turn that was refused."""
    if isinstance(refused, NoLongerWantedError):
        return _("Thank you. This call has been taken care of.")
    return _("I'm sorry, that can't be done now.")
