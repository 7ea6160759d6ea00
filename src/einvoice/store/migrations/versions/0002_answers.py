# SPDX-License-Identifier: Apache-2.0
"""Answers: what documents that came in say of messages that went out, and which messages answer documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables, and find messages by what an answer names; what came in before is looked at as well."""
    op.create_index("message_number", "message", ["number"], unique=False)
    op.create_index("message_wire_id", "message", ["wire_id"], unique=False)
    op.create_table(
        "answer",
        sa.Column("inbound", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("message", sa.String(length=36), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=True),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["inbound"], ["inbound.id"]),
        sa.ForeignKeyConstraint(["message"], ["message.id"]),
        sa.PrimaryKeyConstraint("inbound"),
    )
    op.create_index("answer_message", "answer", ["message"], unique=False)
    op.create_table(
        "reply",
        sa.Column("message", sa.String(length=36), nullable=False),
        sa.Column("inbound", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["inbound"], ["inbound.id"]),
        sa.ForeignKeyConstraint(["message"], ["message.id"]),
        sa.PrimaryKeyConstraint("message"),
    )
    op.create_index("reply_inbound", "reply", ["inbound"], unique=False)
