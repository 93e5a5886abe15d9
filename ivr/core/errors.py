"""Refusals: what the service will not do, in words for the person who asked.

Each refusal is a class. A page shows its ``message``; ``flows/apologies.py`` has what a telephone says. Anything else
that goes wrong is a fault: the log has it with the CallSid, and no page or telephone repeats its words.
"""


class Refusal(Exception):
    """The base of all refusals. A text given to ``raise`` is shown instead of ``message``."""

    message = "It cannot be done."

    @property
    def shown(self) -> str:
        """The plain words for a page."""
        return str(self) or self.message


class BadConfigError(Exception):
    """The environment is not fit to run on. The message lists every fault at once, each with its remedy."""

    #: Its words name settings and concern nobody: the log tells them.
    is_for_logs = True
