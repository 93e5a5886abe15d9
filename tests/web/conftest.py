"""What every page has: an address."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support.serving import served


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address
