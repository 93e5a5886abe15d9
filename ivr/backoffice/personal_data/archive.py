"""Everything that is kept about one person, as one ZIP file: their rows as JSON, and every sound."""

import json
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any, Final

from sqlalchemy import select

from ivr.backoffice.personal_data import rows
from ivr.backoffice.personal_data.subject import Subject
from ivr.callcenter.intake.models import Clip
from ivr.callcenter.recording.models import Recording
from ivr.callcenter.recording.rules import RecordingState
from ivr.callcenter.recording.sound import SoundAwayError, sound
from ivr.core.db import Database, session
from ivr.platform.providers.telephone import Telephone

ROWS: Final = "data.json"
_MISSING: Final = "missing.txt"


@dataclass(frozen=True)
class Export:
    """What the database holds of the person. ``recordings`` are the network's: by file, the SID."""

    rows: dict[str, list[dict[str, Any]]]
    messages: dict[str, bytes]
    recordings: dict[str, str]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each table, and how many sounds."""
        found = {name: len(rows) for name, rows in self.rows.items()}
        return found | {"sounds": len(self.messages) + len(self.recordings)}


def read(subject: Subject) -> Export:
    """Return what the database holds, in the open transaction."""
    clips = select(Clip.id, Clip.audio).where(Clip.intake_id.in_(subject.intake_ids), Clip.audio.is_not(None))
    made = (
        Recording.intake_id.in_(subject.intake_ids),
        Recording.state == RecordingState.COMPLETED,
        Recording.sid.is_not(None),
    )
    recordings = session.execute(select(Recording.id, Recording.sid).where(*made))
    return Export(
        rows.exported(subject),
        {f"sounds/message-{row.id}.wav": row.audio or b"" for row in session.execute(clips)},
        {f"sounds/call-{row.id}.wav": str(row.sid) for row in recordings},
    )


def write(export: Export, telephone: Telephone, file: IO[bytes]) -> None:
    """Write the ZIP, outside any transaction. A sound that cannot be fetched now is named in ``missing.txt``."""
    missing = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr(ROWS, json.dumps(export.rows, default=_plain, ensure_ascii=False, indent=1))
        for name, audio in export.messages.items():
            whole.writestr(name, audio)
        for name, sid in export.recordings.items():
            try:
                found = sound(telephone, sid)
            except SoundAwayError:
                found = None
            if found is None:
                missing.append(name)
                continue
            with whole.open(name, "w", force_zip64=True) as target:
                for piece in found.pieces:
                    target.write(piece)
        if missing:
            whole.writestr(_MISSING, "\n".join(["The phone network did not deliver:", *missing]))


def export(database: Database, telephone: Telephone, subject: Subject, file: IO[bytes]) -> dict[str, int]:
    """Write the ZIP and return what it counts. Not inside a transaction."""
    with database.reading():
        found = read(subject)
    write(found, telephone, file)
    return found.counts


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
