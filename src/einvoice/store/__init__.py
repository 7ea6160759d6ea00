# SPDX-License-Identifier: Apache-2.0
"""What must outlive a crash: the archive of exact bytes, the ledger of events, the outbox and the inbox.

SQLite in one file by default, PostgreSQL by its address for several workers on several machines. Only this room knows
the database. Everything here needs the extra ``transport``.
"""
