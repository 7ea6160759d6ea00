# SPDX-License-Identifier: Apache-2.0
"""Called by alembic: runs the steps within the transaction that :class:`einvoice.store.database.Database` opened."""

from __future__ import annotations

from alembic import context

from einvoice.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
