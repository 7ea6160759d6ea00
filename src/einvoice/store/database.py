# SPDX-License-Identifier: Apache-2.0
"""The database: opened, brought up to date, and asked in transactions.

SQLite runs with a write-ahead log and a full sync at every commit: what was committed survives the power cut. A writing
transaction takes the lock at its beginning, so that two workers never hold half of one each.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from einvoice.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_BUSY: Final = 30
_KINDS: Final = frozenset({"sqlite", "postgresql"})
_PAUSE: Final = 0.02
_UPGRADE: Final = 0x45494E55


class Database:
    """One database, shared by the threads of a process.

    Args:
        url: ``sqlite:///file`` or ``postgresql+psycopg://user@host/name``; a bare path is a file of SQLite.

    Raises:
        StoreError: it cannot be opened, or a newer release of einvoice has changed it (``DATABASE``).
    """

    def __init__(self, url: str) -> None:
        self.url = url if "://" in url else f"sqlite:///{Path(url).absolute()}"
        self._open = threading.local()
        self._turn = threading.Lock()
        try:
            self.engine = _engine(self.url)
            with ExitStack() as failure:
                failure.callback(self.close)
                self._upgrade()
                failure.pop_all()
        except (SQLAlchemyError, CommandError, OSError, ImportError) as error:
            raise StoreError(_why(error), code="DATABASE", source=_shown(self.url)) from None

    @property
    def several(self) -> bool:
        """Whether more than one writer can be at work at once."""
        return self.engine.dialect.name != "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes; committed at its end, undone if anything is raised.

        Within another one of the same thread it is a part of that one: several steps, one sync of the disk.

        Raises:
            StoreError: the database is full, locked for long, or gone (``DATABASE``); nothing was written.
        """
        outer = getattr(self._open, "connection", None)
        try:
            if outer is not None:
                yield outer
                return
            # Threads queue up here: SQLite lets whoever waits for its lock sleep, ever longer.
            with (
                nullcontext() if self.several else self._turn,
                self.engine.connect().execution_options(einvoice_write=True) as connection,
                connection.begin(),
            ):
                self._open.connection = connection
                try:
                    yield connection
                finally:
                    self._open.connection = None
        except SQLAlchemyError as error:  # of the driver, or of the pool that has no connection left
            raise StoreError(_why(error), code="DATABASE", source=_shown(self.url)) from None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads.

        Raises:
            StoreError: the database does not answer (``DATABASE``).
        """
        try:
            with self.engine.connect() as connection, connection.begin():
                yield connection
        except SQLAlchemyError as error:
            raise StoreError(_why(error), code="DATABASE", source=_shown(self.url)) from None

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()

    def _upgrade(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        newest = ScriptDirectory.from_config(config).get_current_head()
        with self.engine.connect() as connection:
            if MigrationContext.configure(connection).get_current_revision() == newest:
                return
        with self.write() as connection:
            if self.several:  # two that open a new database at once would both make its tables
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() not in _KINDS:
        raise ArgumentError(parsed.get_backend_name())
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    engine = create_engine(parsed, connect_args={"timeout": _BUSY})
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - whatever the driver gives
    connection.isolation_level = None  # transactions begin where we say so, not where the driver guesses
    _write_ahead(connection)
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _write_ahead(connection: Any) -> None:  # noqa: ANN401 - see above
    """Turn the log on that is written ahead. SQLite does not wait for another process that does so on a new file."""
    ends = time.monotonic() + _BUSY
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > ends:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("einvoice_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _why(error: Exception) -> str:
    if isinstance(error, (ArgumentError, NoSuchModuleError, ImportError)):
        return (
            "this is no address of a database that einvoice uses: sqlite:///file or postgresql+psycopg://user@host/name"
        )
    if isinstance(error, CommandError):
        return "a newer release of einvoice has changed this database: update einvoice"
    cause = error.orig if isinstance(error, DBAPIError) else error
    return f"the database does not answer as it should: {str(cause).strip()[:300]}"


def _shown(url: str) -> str:
    """The address without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url[:100]
