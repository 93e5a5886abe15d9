"""Refusals: what the line will not do, in words for whoever asked.

One class a refusal. A page shows its ``message``, a telephone says ``spoken``. Anything else that goes wrong is a
fault: it is logged with the CallSid, and nobody reads or hears it.
"""


class Refusal(Exception):
    """The base of all. One that is raised with a text of its own shows that instead of ``message``."""

    message = "It cannot be done."
    spoken = "I am sorry, that cannot be done now."

    @property
    def shown(self) -> str:
        """The plain words for a page."""
        return str(self) or self.message


class BadConfigError(Exception):
    """The environment is not fit to run on. The message lists every fault at once, each with its remedy."""
