"""Refusals: what the line will not do, in words for whoever asked.

One class a refusal. Its docstring is what a page shows; what a telephone says stands in ``flows/apologies.py``.
Anything else that goes wrong is a fault, is logged with the CallSid, and is never read out to anybody.
"""


class Refusal(Exception):
    """It cannot be done."""

    @property
    def shown(self) -> str:
        """The plain words for a page."""
        return str(self) or (type(self).__doc__ or "").strip()


class BadSettingsError(Exception):
    """The environment is not fit to run on; the message lists every fault at once."""
