"""What the tests of durability begin with: a database with people in it, and leave to take so long."""

from pathlib import Path

import pytest

from devtools.local_stack import ROOT
from ivr.company.policy import service as policy
from ivr.company.staff import roster
from ivr.core.db import Database
from ivr.platform.jobs.distributed import DistributedQueue
from ivr.platform.jobs.embedded import EmbeddedQueue
from tests.exhaustive.durability.release import finished, upgrading


def only_when_whole(config: pytest.Config) -> None:
    if not config.getoption("--whole"):
        pytest.skip("hours of telephone: --whole")


def prepared(url: str, staff: dict[str, str], folder: Path) -> Database:
    """Tables, people, and an owner who lets nobody rest between two calls."""
    finished(upgrading(ROOT, url, folder / "first.log"))
    queue = EmbeddedQueue() if url.startswith("sqlite") else DistributedQueue()
    database = Database(url, queue=queue)
    with database.transaction():
        policy.change("wrap_up_seconds", "0", policy.Command("test"))
        for phone, role in staff.items():
            roster.add(f"{role} {phone[-4:]}", role, phone, f"{phone[1:]}@example.com", ["en"], None)
    return database
