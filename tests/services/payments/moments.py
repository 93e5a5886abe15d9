"""Deeds at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.support.shop import Shop


def at_once(*deeds: Callable[[], int]) -> list[int]:
    """All of them, begun together; what each answered."""
    gate = Barrier(len(deeds))

    def begun(deed: Callable[[], int]) -> int:
        gate.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(begun, deeds))


def posted(shop: Shop, delivery: tuple[bytes, dict[str, str]]) -> Callable[[], int]:
    body, headers = delivery
    return lambda: shop.app.test_client().post("/payments/stripe", data=body, headers=headers).status_code
