"""Letters in a folder, where there is no mail server: one ``.eml`` file each, to be read in the console."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Final, NoReturn

from ivr.core.config import Config
from ivr.platform.providers.mailer import Letter, MailLaterError
from ivr.platform.providers.mime import written

_NAME: Final = re.compile(r"letter\.[0-9]{1,10}\.[0-9a-f]{20}", re.ASCII)


@dataclass(frozen=True)
class SavedLetter:
    """A letter in the folder. ``name`` is the name of its file, without the ending."""

    name: str
    to: str
    subject: str
    sent_at: datetime
    language: str
    text: str
    files: tuple[str, ...]


def outbox_of(config: Config) -> "Outbox | None":
    """Return the outbox, beside the database when that is a file, else in ``var/``. Only a desk has one.

    Letters hold links that open a page by themselves: None with a mail server, and None in production.
    """
    if config.smtp_url or config.is_production:
        return None
    file = config.database_url.partition("///")[2] if config.is_on_sqlite else ""
    return Outbox((Path(file).parent if file else Path("var")) / "outbox", config.mail_from)


class NoMailServer:
    """The ``Mailer`` of a production without SMTP_URL: it keeps no letter, and says why none is sent."""

    def send(self, letter: Letter) -> None:  # noqa: ARG002  # the protocol's shape
        self.check()

    def check(self) -> NoReturn:
        raise MailLaterError("there is no mail server: set SMTP_URL and MAIL_FROM")

    def forget(self, numbers: Collection[int]) -> None:
        """Do nothing: it keeps none."""


class Outbox:
    """A ``Mailer`` that puts letters into a folder. A letter that is sent again replaces the first."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, letter: Letter) -> None:
        name = letter.message_id.strip("<>").partition("@")[0]
        message = written(letter, self._sender)
        try:
            self.check()
            unfinished = self._folder / f"{name}.part"
            unfinished.write_bytes(message)
            unfinished.replace(self._folder / f"{name}.eml")
        except OSError as trouble:
            raise MailLaterError(f"the outbox: {type(trouble).__name__}") from trouble

    def check(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as trouble:
            raise MailLaterError(f"the outbox: {type(trouble).__name__}") from trouble

    def forget(self, numbers: Collection[int]) -> None:
        try:
            for number in numbers:
                for file in self._folder.glob(f"letter.{number}.*"):
                    file.unlink(missing_ok=True)
        except OSError as trouble:
            raise MailLaterError(f"the outbox: {type(trouble).__name__}") from trouble

    def letters(self, limit: int = 100) -> list[SavedLetter]:
        """Return the latest letters, newest first."""
        files = sorted(self._folder.glob("letter.*.eml"), key=_number, reverse=True)
        return [_read(file) for file in files[:limit]]

    def letter(self, name: str) -> SavedLetter | None:
        """Return the letter of that name; None when there is none."""
        file = self._folder / f"{name}.eml"
        return _read(file) if _NAME.fullmatch(name) and file.is_file() else None


def _number(file: Path) -> int:
    number = file.name.split(".")[1]
    return int(number) if number.isdecimal() else 0


def _read(file: Path) -> SavedLetter:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    return SavedLetter(
        name=file.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sent_at=message["Date"].datetime,
        language=str(message["Content-Language"]),
        text=body.get_content() if body else "",
        files=tuple(one.get_filename() or "file" for one in message.iter_attachments()),
    )
