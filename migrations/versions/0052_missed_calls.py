"""Channels that hear of a missing technician also hear of the last one who does not answer."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

CHANNEL = sa.table("alarm_channel", sa.column("id", sa.Integer), sa.column("causes", sa.JSON))


def upgrade() -> None:
    found = op.get_bind()
    for channel_id, causes in found.execute(sa.select(CHANNEL.c.id, CHANNEL.c.causes)).all():
        if "no_technician" in causes and "unanswered" not in causes:
            wider = CHANNEL.update().where(CHANNEL.c.id == channel_id)
            found.execute(wider.values(causes=[*causes, "unanswered"]))
