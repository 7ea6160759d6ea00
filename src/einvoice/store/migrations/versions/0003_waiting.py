# SPDX-License-Identifier: Apache-2.0
"""What waits to be looked at is found without reading the whole inbox: a mark at each document, and a partial index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the mark, set it where somebody has looked already, and index what is left."""
    op.add_column("inbound", sa.Column("noted", sa.BigInteger(), nullable=True))
    op.execute("UPDATE inbound SET noted = (SELECT answer.at FROM answer WHERE answer.inbound = inbound.id)")
    waits = sa.text("noted IS NULL AND duplicate_of IS NULL")
    op.create_index(
        "inbound_waiting", "inbound", ["received"], unique=False, sqlite_where=waits, postgresql_where=waits
    )
