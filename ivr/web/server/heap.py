"""The memory of a process with many threads, as glibc's malloc keeps it (mallopt(3)).

By itself it gives every thread a heap of its own, up to eight for each core, and remembers the largest block that was
ever freed: blocks up to that size then come from the heaps too, and stay there. The hash of a log-in takes 19 MB: after
some log-ins in sixteen threads a web had kept 300.
"""

import ctypes
from contextlib import suppress
from typing import Final

#: The names of malloc.h, and what they are set to: a number of heaps, and bytes.
_SETTINGS: Final = {
    "M_ARENA_MAX": (-8, 2),  # one thread runs at a time: more heaps make nothing faster
    "M_MMAP_THRESHOLD": (-3, 128 * 1024),  # a larger block goes back to the system when it is freed
    "M_TRIM_THRESHOLD": (-1, 1024 * 1024),  # and so does the free end of a heap
}


def keep_small() -> None:
    """Have this process give memory back. Call it before its threads start. Another C library is left as it is."""
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        for name, value in _SETTINGS.values():
            mallopt(name, value)


def give_back() -> None:
    """Give the system what is free within the heaps, in a few milliseconds. Malloc itself gives back their ends only.

    Pages and the database's cache come and go between what stays.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
