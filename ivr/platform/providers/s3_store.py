"""Copies in a bucket of any store that speaks S3: Amazon's, Backblaze's, Cloudflare's, MinIO."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store as Bucket

from ivr.core.config_checks import is_loopback
from ivr.platform.providers.backup_store import Kept, StoreError

#: A part that is sent at a time: S3 takes 10,000 of them, 160 GB. Two at a time are 32 MB of memory.
_PART: Final = 16 * 1024 * 1024
_AT_A_TIME: Final = 2
_PATIENCE: Final = timedelta(minutes=5)
_WORDS_AT_MOST: Final = 300


class S3Store:
    """A ``BackupStore`` in a bucket, by an address such as ``s3://key:secret@host/bucket/prefix?region=us-west-2``.

    It is asked by https, and by http where it is this machine.
    """

    folder = None

    def __init__(self, address: str) -> None:
        url = urlsplit(address)
        host, port = url.hostname or "", f":{url.port}" if url.port else ""
        bucket, _, prefix = url.path.strip("/").partition("/")
        self.place = f"s3://{host}{port}/{bucket}" + (f"/{prefix}" if prefix else "")
        self._prefix = f"{prefix}/" if prefix else ""
        self._secrets = [unquote(one) for one in (url.username, url.password) if one]
        is_here = is_loopback(host)
        shown = f"[{host}]" if ":" in host else host
        self._bucket = Bucket(
            bucket,
            endpoint=f"{'http' if is_here else 'https'}://{shown}{port}",
            access_key_id=unquote(url.username or ""),
            secret_access_key=unquote(url.password or ""),
            region=parse_qs(url.query).get("region", ["us-east-1"])[0],
            virtual_hosted_style_request=False,
            client_options={"allow_http": is_here, "timeout": _PATIENCE},
            retry_config={"max_retries": 4, "retry_timeout": _PATIENCE},
        )

    def put(self, file: Path, name: str) -> None:
        with self._told():
            obstore.put(self._bucket, self._prefix + name, file, chunk_size=_PART, max_concurrency=_AT_A_TIME)

    def digest(self, name: str) -> str:
        found = hashlib.sha256()
        for piece in self._read(name):
            found.update(piece)
        return found.hexdigest()

    def get(self, name: str, file: Path) -> None:
        with file.open("wb") as to:
            for piece in self._read(name):
                to.write(piece)

    def all(self) -> list[Kept]:
        with self._told():
            found = obstore.list_with_delimiter(self._bucket, self._prefix or None)["objects"]
            kept = [Kept(one["path"].removeprefix(self._prefix), one["size"]) for one in found]
        return sorted(kept, key=lambda one: one.name)

    def delete(self, name: str) -> None:
        with self._told():
            obstore.delete(self._bucket, self._prefix + name)

    def _read(self, name: str) -> Iterator[bytes]:
        with self._told():
            for piece in obstore.get(self._bucket, self._prefix + name):
                yield bytes(piece)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as wrong:
            words = " ".join(str(wrong).split())[:_WORDS_AT_MOST]
            for secret in self._secrets:
                words = words.replace(secret, "…")
            raise StoreError(f"{self.place}: {words}") from None
