# SPDX-License-Identifier: Apache-2.0
"""How an existing database becomes today's: one step per file in ``versions``, run by alembic."""
