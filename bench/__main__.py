"""Run the benches that are named, or all, one after another; keep what each prints; write docs/measured.md from it.

    .venv/bin/python -m bench [NAME ...]

A bench that fails ends it, with its exit code, and what was kept of it before stays. For other sizes than the usual,
run one by itself (``python -m bench.calls 8 1``): then nothing is kept.
"""

import os
import platform
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from bench.ground import book
from bench.ground.targets import CHAPTERS


def main() -> int:
    """Return the exit code."""
    names = [one.bench for one in CHAPTERS]
    for name in sys.argv[1:] or names:
        if name not in names:
            print(f"There is no bench {name}: {', '.join(names)}.", file=sys.stderr)
            return 2
        began = time.monotonic()
        code, printed = _run(name)
        if code:
            return code
        print(f"{name}: {time.monotonic() - began:.0f} s\n", file=sys.stderr)
        book.KEPT.mkdir(exist_ok=True)
        (book.KEPT / f"{name}.md").write_text(f"{_where()}\n\n{printed}", encoding="utf-8")
        book.main()
    return 0


def _run(name: str) -> tuple[int, str]:
    """Run a bench, and show what it prints as it comes. Return its exit code and what it printed."""
    command = (sys.executable, "-u", "-m", f"bench.{name}")
    printed: list[str] = []
    with subprocess.Popen(command, cwd=book.ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # ours
        for line in process.stdout or ():
            print(line, end="", flush=True)
            printed.append(line)
    return process.returncode, "".join(printed)


def _where() -> str:
    """Return the day, the machine and whose Python: one built without optimizations takes a fifth longer."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.machine()
    python = f"Python {platform.python_version()} of {sys.base_prefix}"
    return f"{date.today():%Y-%m-%d}, {os.cpu_count()} cores of {model}, {python}"  # noqa: DTZ011  # the day here


if __name__ == "__main__":
    sys.exit(main())
