"""``kill -9`` in the middle of a job: another process does the job again once the dead one's lease has ended."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue as Mailbox
from threading import Thread

from ivr.platform.jobs import enqueue
from tests.services.jobs.engines import Engine
from tests.support.paths import ROOT

PATIENCE = 30


class WorkerProcess:
    """One more worker, on the other side of a pipe."""

    def __init__(self, engine: str, url: str) -> None:
        command = [sys.executable, "-m", "tests.services.jobs.worker_process", engine, url, "1"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)  # noqa: S603  # ours
        self._lines: Mailbox[str] = Mailbox()
        self._reader = Thread(target=self._read)
        self._reader.start()

    def hear(self) -> str:
        """The next line it prints."""
        return self._lines.get(timeout=PATIENCE)

    def kill(self) -> None:
        """Signal 9: it has no time for last words."""
        self.process.kill()
        self._reader.join()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to stop; its exit code."""
        assert self.process.stdin
        self.process.stdin.close()
        self._reader.join()
        return self.process.wait(timeout=PATIENCE)

    def unheard(self) -> list[str]:
        return list(self._lines.queue)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line.strip())


@contextmanager
def worker_process(engine_and_url: tuple[str, str]) -> Iterator[WorkerProcess]:
    worker = WorkerProcess(*engine_and_url)
    with worker.process:
        try:
            yield worker
        finally:
            worker.kill()


def test_another_process_takes_over(engine: Engine, engine_and_url: tuple[str, str]) -> None:
    with engine.database.transaction():
        enqueue("fatal at first")
    with worker_process(engine_and_url) as first:
        assert first.hear() == "begun 1"
        with worker_process(engine_and_url) as second:
            first.kill()
            assert second.hear() == "begun 2"
            assert second.hear() == "ended 2"
            assert second.stop() == 0
            assert first.unheard() + second.unheard() == []
    assert engine.worker({}).next_due() is None, "the job is done"
