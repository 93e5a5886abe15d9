"""A time in which nothing of ours runs."""

from collections.abc import Callable
from contextlib import AbstractContextManager

#: Within the block that it begins no web and no worker answers.
Dead = Callable[[], AbstractContextManager[None]]
