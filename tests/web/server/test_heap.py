"""What requests have used goes back to the system, in whichever threads they ran."""

import subprocess
import sys

import pytest

#: Sixteen threads, which are there at the same time, use as much as the hash of a log-in does, one after the other.
LOG_INS = """
import resource
from threading import Barrier, Lock, Thread
from ivr.web.server.heap import keep_small

keep_small()
all_there, turn = Barrier(16), Lock()

def log_in():
    small = [b"x" * 100_000 for _ in range(20)]
    all_there.wait()
    for _ in range(2):
        with turn:
            len(b"x" * (19 << 20))

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
threads = [Thread(target=log_in) for _ in range(16)]
for one in threads:
    one.start()
for one in threads:
    one.join()
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""

#: What pages use comes and goes between what stays.
PAGES = """
from pathlib import Path
from ivr.web.server.heap import give_back, keep_small

def used():
    return int(Path("/proc/self/statm").read_text().split()[1]) >> 8

keep_small()
before = used()
pages = [b"x" * 20_000 for _ in range(4000)]
stay = pages[::40]
del pages
give_back()
print(used() - before)
"""
on_glibc = pytest.mark.skipif(sys.platform != "linux", reason="another C library has no such heaps")


@on_glibc
def test_log_ins_in_many_threads_keep_no_memory() -> None:
    done = subprocess.run((sys.executable, "-c", LOG_INS), capture_output=True, text=True, check=True)  # noqa: S603  # our own words

    assert int(done.stdout) < 100, "MB at most, at any time; with a heap of each thread it is 300"


@on_glibc
def test_what_pages_used_is_given_back_between_what_stays() -> None:
    done = subprocess.run((sys.executable, "-c", PAGES), capture_output=True, text=True, check=True)  # noqa: S603  # our own words

    assert int(done.stdout) < 20, "MB, of 80"
