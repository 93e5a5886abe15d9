"""A backup is killed at every moment there is, with ``--whole``: what lies by the name of a copy is a whole copy."""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Final

import pytest

from devtools.local_stack import ROOT
from ivr.callcenter.intake.models import Clip
from ivr.core import clock
from ivr.core.config import DESK
from ivr.core.db import Database, session
from ivr.operations.backups import rules as backups_rules
from ivr.operations.backups import service as backups
from tests.support.intake_rows import an_intake

TIMES: Final = 8
MEGABYTE: Final = 1024 * 1024
RECIPIENT: Final = "age1d5ne43kvduy0ghmmenx6zxj44u2cr9ws0tm39t762s5qse44lqesd5y37w"


def command(url: str, kept: Path, *words: str) -> subprocess.Popen[bytes]:
    """A process of its own, with this command."""
    given = DESK | {"DATABASE_URL": url, "BACKUP_TO": str(kept), "BACKUP_RECIPIENT": RECIPIENT}
    called = [sys.executable, "-m", "flask", "--app", "ivr", *words]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(called, env=os.environ | given, cwd=ROOT, stdout=quiet, stderr=quiet)  # noqa: S603  # ours


def copies(kept: Path) -> list[Path]:
    return sorted(one for one in kept.glob("line-*") if backups_rules.moment_of(one.name))


def test_a_killed_backup_leaves_whole_copies_alone(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    if not pytestconfig.getoption("--whole"):
        pytest.skip("many processes: --whole")
    url, kept = f"sqlite:///{tmp_path / 'line.db'}", tmp_path / "kept"
    chance = Random(20)  # noqa: S311  # no secret
    assert command(url, kept, "db", "upgrade").wait() == 0
    database = Database(url)
    with database.transaction():
        session.add(an_intake(1))
        session.flush()
        about = {"intake_id": 1, "content_type": "audio/x-wav", "made_at": clock.now()}
        session.add_all(Clip(url=f"u{n}", audio=os.urandom(4 * MEGABYTE), **about) for n in range(10))

    def begun() -> int:
        with database.reading():
            return len(backups.latest(TIMES + 2))

    assert command(url, kept, "db", "backups", "--now").wait() == 0
    with database.reading():
        (first,) = backups.latest(1)
        assert first.ended_at is not None
        lasts = (first.ended_at - first.begun_at).total_seconds()

    for number in range(TIMES):
        process = command(url, kept, "db", "backups", "--now")
        while begun() == number + 1:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 1.1) * lasts)
        process.kill()
        process.wait()
        for copy in copies(kept):
            said = copy.with_name(copy.name + backups_rules.CHECKSUM).read_text().split(" ")[0]
            assert hashlib.sha256(copy.read_bytes()).hexdigest() == said
        with database.transaction():
            session.add(Clip(url=f"v{time.monotonic_ns()}", **about))  # nobody waits for a dead one

    assert command(url, kept, "db", "backups", "--now").wait() == 0
    assert [one.name for one in (kept / ".line-backup").iterdir()] == ["lock"]
    with database.reading():
        runs = backups.latest(TIMES + 2)
        assert runs[0].is_good
        assert any(run.ended_at is None for run in runs), "some were killed in the middle"
        assert {run.name for run in runs if run.is_good} <= {one.name for one in copies(kept)}
    database.engine.dispose()
