"""A bucket that speaks S3, over HTTP: every request is signed, and what comes back is what went there."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from ivr.operations.backups.places import store
from ivr.platform.providers.backup_store import BackupStore, Kept, StoreError
from tests.support import s3
from tests.support.serving import served


@pytest.fixture
def bucket() -> s3.Bucket:
    return s3.Bucket()


@pytest.fixture
def address(bucket: s3.Bucket) -> Iterator[str]:
    """The store's address, without the key before the host."""
    with served(bucket.app()) as at:
        yield at.removeprefix("http://")


def opened(address: str, secret: str = s3.SECRET) -> BackupStore:
    return store(
        f"s3://{s3.KEY}:{quote(secret, '')}@{address}/line/of us?region={s3.REGION}".replace(" ", "_")
    )


def test_what_is_put_away_comes_back(bucket: s3.Bucket, address: str, tmp_path: Path) -> None:
    kept = opened(address)
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"a copy")
    large.write_bytes(b"0123456789abcdef" * 1024 * 1024 + b"and the rest of it")

    kept.put(small, "a.db")
    kept.put(large, "b.db.age")

    assert kept.all() == [Kept("a.db", 6), Kept("b.db.age", large.stat().st_size)]
    assert kept.digest("b.db.age") == hashlib.sha256(large.read_bytes()).hexdigest(), "sent in two parts"
    kept.get("a.db", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == b"a copy"
    kept.delete("a.db")
    kept.delete("a.db")
    assert [one.name for one in kept.all()] == ["b.db.age"]
    assert (bucket.refused, list(bucket.files)) == (0, ["of_us/b.db.age"])


def test_a_wrong_secret_is_refused_and_never_said(address: str, bucket: s3.Bucket, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a copy")
    kept = opened(address, "another/secret+of+somebody")
    for does in (lambda: kept.put(tmp_path / "file", "a.db"), kept.all, lambda: kept.digest("a.db")):
        with pytest.raises(StoreError) as refused:
            does()
        assert "another/secret" not in str(refused.value)
        assert str(refused.value).startswith(f"s3://{address}/line/of_us: ")
    assert bucket.files == {}
    assert kept.place == f"s3://{address}/line/of_us"
