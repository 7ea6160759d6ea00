# SPDX-License-Identifier: Apache-2.0
"""A row that is there already is no error: of two who insert the same at once, one does, and the other is told."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from sqlalchemy import Connection, Executable, Table


def insert_once(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert a row, unless one with its identifiers is there.

    On PostgreSQL this waits for whoever is inserting the same row in another transaction, and sees it afterwards.

    Args:
        connection: a writing transaction.
        table: where it goes.
        row: the values by column.

    Returns:
        Whether the row is new.
    """
    return connection.execute(_statement(table, connection.dialect.name), row).first() is not None


@cache
def _statement(table: Table, dialect: str) -> Executable:
    made = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return made.on_conflict_do_nothing().returning(*table.primary_key)  # psycopg counts no rows here
