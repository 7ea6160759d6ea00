# SPDX-License-Identifier: Apache-2.0
"""Everything that came in is attended to, once: answers find their messages, and senders get the status they ask for.

It runs beside whoever receives or sends, on the same database; whatever dies, the next one goes on with what is left.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from einvoice.errors import EinvoiceError, StoreError
from einvoice.service.sorting import Sorter, may_answer
from einvoice.store.answers import DOCUMENT, UNREADABLE, Answers, Noted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.service.message_status import Teller
    from einvoice.store.database import Database
    from einvoice.store.inbox import Received


class Reception:
    """Attends to what came into one database.

    Args:
        database: where inbox and outbox are.
        teller: tells senders what became of their messages; nothing where nobody is told.
    """

    def __init__(self, database: Database, teller: Teller | None = None) -> None:
        self.answers = Answers(database)
        self.sorter = Sorter(database)
        self.teller = teller

    def attend(self) -> Iterator[tuple[Received, Noted]]:
        """Attend to all that is waiting.

        Yields:
            Each document that had to be looked at, and what it was found to be.
        """
        while waiting := self.answers.waiting():
            plain = {each.id: each for each in waiting if self._plain(each)}
            if plain:
                self.answers.set_aside(plain.values())
            for received in waiting:
                found = self._attended(received) if received.id not in plain else None
                if found is not None:
                    yield received, found

    @contextmanager
    def beside(self, *, pause: float = 1.0) -> Iterator[None]:
        """Attend in a thread of its own as long as something else is done.

        Args:
            pause: seconds between two looks.
        """
        done = threading.Event()
        thread = threading.Thread(target=self._until, args=(done, pause), daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _until(self, done: threading.Event, pause: float) -> None:
        while not done.is_set():
            try:
                for _ in self.attend():
                    if done.is_set():
                        return
            except StoreError:  # the database is away or busy: what waits is attended to when it is back
                pass
            done.wait(pause)

    def _plain(self, received: Received) -> bool:
        """Whether a document is one by its envelope, and nobody is told of it."""
        return not may_answer(received) and (self.teller is None or not self.teller.wants(received))

    def _attended(self, received: Received) -> Noted | None:
        self._tell(received)  # first: a document that was noted is not looked at again
        try:
            return self.sorter.sort(received)
        except Exception as error:  # noqa: BLE001 - one document that nobody foresaw must not stop all the others
            about = {"why": _stumbled(error)}
            return self.answers.note(Noted(inbound=received.id, kind=UNREADABLE, about=about))

    def _tell(self, received: Received) -> None:
        if self.teller is None:
            return
        try:
            self.teller.tell(received)
        except Exception as error:  # noqa: BLE001 - see above
            self.answers.untold(received, _stumbled(error))


def _stumbled(error: Exception) -> str:
    """What nobody foresaw about one document, so that it does not stop all the others.

    Raises:
        StoreError: it is the database that does not answer.
    """
    if isinstance(error, StoreError) and error.code == "DATABASE":
        raise error
    told = str(error) if isinstance(error, EinvoiceError) else f"please report it: {type(error).__name__}: {error}"
    return told[:1000]


def told(noted: Noted | None) -> str:
    """What a document of the inbox was found to be, in words; empty for one that answers nothing.

    Args:
        noted: what was found.
    """
    if noted is None or noted.kind == DOCUMENT:
        return ""
    said = f"{noted.kind} {noted.status}" if noted.status else noted.kind
    if noted.message is None:
        return f"{said}: {noted.about.get('why', '')}"
    late = noted.about.get("passed_over")
    return f"{said} of {noted.message[:8]}" + (f", passed over: {late}" if late else "")
