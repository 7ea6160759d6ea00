# SPDX-License-Identifier: Apache-2.0
"""Running stylesheets in processes that can be killed: each document has a deadline, and one that breaks it is alone.

Processes are kept, because a stylesheet takes longer to compile (up to a second) than to run (some milliseconds). A
process that was killed, or that died, is replaced by the next document.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING, Final, cast

import msgspec

from einvoice.errors import MissingExtraError
from einvoice.official.worker import REPORT_CHARACTERS, Done, Job, receive, send

if TYPE_CHECKING:
    from einvoice.official.stylesheet import Stylesheet

DEADLINE: Final = 60
"""Seconds that a document may take, compiling the stylesheet included."""
MEMORY: Final = 2_048
"""Megabytes that a process may use."""
_START: Final = """\
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from einvoice.official.worker import main
main(int(sys.argv[2]))
"""
_KEPT_VARIABLES: Final = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What a process cannot be started without on some systems; nothing else of the environment is handed on."""
_REPORT_BYTES: Final = 4 * REPORT_CHARACTERS + 1_000


def required() -> None:
    """Make sure that SaxonC is there.

    Raises:
        MissingExtraError: it is not installed.
    """
    if find_spec("saxonche") is None:
        raise MissingExtraError("official", "the official engine")


class _Worker:
    """One process, and what it has compiled."""

    def __init__(self, memory: int) -> None:
        path = json.dumps([entry for entry in sys.path if entry])
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            [sys.executable, "-I", "-c", _START, path, str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
            env={name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
            close_fds=True,
        )
        self.compiled: set[str] = set()
        self.answered = 0
        self._late = threading.Event()

    def do(self, sheet: Stylesheet, document: str, deadline: int) -> Done:
        """Run a stylesheet; the process is killed at the deadline, and is of no more use if it does not answer."""
        known = sheet.key in self.compiled
        job = Job(
            key=sheet.key,
            document=document,
            seconds=deadline,
            stylesheet=None if known else sheet.text,
            parameters={} if known else sheet.parameters,
        )
        timer = threading.Timer(deadline, self._give_up)
        timer.daemon = True
        timer.start()
        try:
            answer = self._ask(job)
        finally:
            timer.cancel()
        if answer is None:
            return Done(error=self._fate(deadline))
        self.answered += 1
        if answer.compiled:
            self.compiled.add(sheet.key)
        return answer

    def _ask(self, job: Job) -> Done | None:
        try:
            send(cast("IO[bytes]", self.process.stdin), job)
            frame = receive(cast("IO[bytes]", self.process.stdout), _REPORT_BYTES)
        except OSError:
            return None
        return msgspec.msgpack.decode(frame, type=Done) if frame is not None else None

    def _give_up(self) -> None:
        self._late.set()
        self.process.kill()

    def _fate(self, deadline: int) -> str:
        self.close()
        if self._late.is_set():
            return (
                f"took longer than {deadline:g} seconds and was given up; EINVOICE_OFFICIAL_DEADLINE raises the limit"
            )
        return (
            f"ended the process that ran it (status {self.process.returncode}), as one does that needs more memory"
            " than it may; EINVOICE_OFFICIAL_MEMORY raises the limit"
        )

    @property
    def alive(self) -> bool:
        """Whether another document can be given to it."""
        return self.process.poll() is None and not self._late.is_set()

    @property
    def worn(self) -> bool:
        """Whether it died of more than the last document, perhaps: of what earlier ones left in its memory."""
        return not self.alive and not self._late.is_set() and self.answered > 0

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):  # what could not be flushed is of no interest
                cast("IO[bytes]", stream).close()
        self.process.wait()


class Engine:
    """Runs stylesheets; may be used by several threads, each of which then has a process.

    Args:
        deadline: seconds that a document may take, compiling the stylesheet included.
        memory: megabytes that a process may use; kept by Linux.

    Raises:
        MissingExtraError: SaxonC is not installed.
    """

    def __init__(self, *, deadline: int = DEADLINE, memory: int = MEMORY) -> None:
        required()
        self.deadline, self.memory = deadline, memory
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()
        self._owner = os.getpid()

    def run(self, sheet: Stylesheet, document: str) -> Done:
        """Run a stylesheet on a document.

        Args:
            sheet: the stylesheet.
            document: the document, serialised from what the safe parser made of it.

        Returns:
            The report, or why there is none.

        Raises:
            InputError: the stylesheet cannot be used.
        """
        sheet.check()
        worker = self._take()
        done = self._asked(worker, sheet, document)
        return self._asked(_Worker(self.memory), sheet, document) if done.report is None and worker.worn else done

    def _asked(self, worker: _Worker, sheet: Stylesheet, document: str) -> Done:
        try:
            done = worker.do(sheet, document, self.deadline)
        except BaseException:  # an interruption, perhaps in the middle of a frame
            worker.close()
            raise
        if worker.alive:
            with self._lock:
                self._idle.append(worker)
        else:
            worker.close()
        return done

    def close(self) -> None:
        """End all processes that are not at work."""
        with self._lock:
            workers, self._idle = self._idle, []
        for worker in workers:
            worker.close()

    def _take(self) -> _Worker:
        with self._lock:
            if self._owner != os.getpid():  # a fork: the processes belong to the one that it was forked from
                self._idle, self._owner = [], os.getpid()
            while self._idle:
                worker = self._idle.pop()
                if worker.alive:
                    return worker
                worker.close()
        return _Worker(self.memory)


@cache
def engine(deadline: int = DEADLINE, memory: int = MEMORY) -> Engine:
    """The engine of this process; it ends with it.

    Args:
        deadline: seconds that a document may take.
        memory: megabytes that a process may use.

    Raises:
        MissingExtraError: SaxonC is not installed.
    """
    made = Engine(deadline=deadline, memory=memory)
    atexit.register(made.close)
    return made
