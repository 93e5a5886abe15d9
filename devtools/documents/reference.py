"""The pages of the reference, by their names."""

from flask import Flask

from devtools.documents.addresses import addresses
from devtools.documents.commands import commands
from devtools.documents.settings import settings
from devtools.documents.states import states
from devtools.documents.tables import tables


def pages(app: Flask) -> dict[str, str]:
    """Return what stands in each file of ``docs/reference``."""
    return {
        "settings.md": settings(),
        "commands.md": commands(app),
        "addresses.md": addresses(app),
        "states.md": states(),
        "tables.md": tables(),
    }
