# SPDX-License-Identifier: Apache-2.0
"""Many documents on several processes: results in input order, and one that kills its process loses only itself.

The processes are spawned, not forked, because a fork of a process with threads (PDF engines have them) can stand
still for ever. A document that takes its process down is tried once more in a fresh one and then given up; so is one
that takes longer than the deadline.
"""

from __future__ import annotations

import time
from collections import deque
from itertools import count
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_ATTEMPTS: Final = 2
_AHEAD: Final = 4
"""How many tasks a process a stream may be ahead of the one whose result is waited for: what it may keep in memory."""


class Lost(Exception):  # noqa: N818 - a reason, not a programming error
    """A document that could not be worked on because its process ended or took too long."""


class _Worker:
    """One process, and the task it is at."""

    def __init__(self, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_serve, args=(theirs, work, arguments), daemon=True)
        self.process.start()
        theirs.close()
        self.task: int | None = None
        self.since = 0.0

    def give(self, number: int, task: object) -> None:
        self.task, self.since = number, time.monotonic()
        self.pipe.send(task)

    def end(self, *, at_once: bool = False) -> None:
        if at_once:
            self.process.kill()
        self.pipe.close()  # an idle process ends when nobody speaks to it any more
        self.process.join()


def _serve(pipe: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Work on tasks until the other end of the pipe is closed (runs in the process)."""
    try:
        while True:
            task = pipe.recv()
            pipe.send(work(task, *arguments))
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        return


def run(
    work: Callable[..., Any],
    tasks: Sequence[Any],
    *arguments: object,
    processes: int = 1,
    deadline: float = 600,
) -> Generator[Any]:
    """Do the same work on many tasks and yield the results in the order of the tasks.

    Args:
        work: a function that a fresh process can import; it is given the task and the arguments.
        tasks: what to work on.
        arguments: what every call is given beside the task.
        processes: how many to work in; with 1 the work is done here.
        deadline: seconds for one task; only a process of its own can be stopped.

    Yields:
        What ``work`` returned, or :class:`Lost` with the reason for a task that took its process down.
    """
    if processes <= 1 or len(tasks) <= 1:
        for task in tasks:
            yield work(task, *arguments)
        return
    pool = _Pool(work, tasks, arguments, min(processes, len(tasks)), deadline)
    try:
        yield from pool.results()
    finally:
        pool.close()


def stream(
    work: Callable[..., Any],
    tasks: Iterable[Any],
    *arguments: object,
    processes: int = 1,
    deadline: float = 600,
) -> Generator[tuple[Any, Any]]:
    """Do the same work on tasks that are made as they are needed, always in processes of their own.

    Args:
        work: a function that a fresh process can import; it is given the task and the arguments.
        tasks: what to work on; asked for the next one when a process is free. ``None`` says that it has to be asked
            again when another result has been taken.
        arguments: what every call is given beside the task.
        processes: how many to work in.
        deadline: seconds for one task.

    Yields:
        In the order of the tasks: the task, and what ``work`` returned or :class:`Lost`.
    """
    pool = _Pool(work, tasks, arguments, processes, deadline)
    try:
        yield from pool.pairs()
    finally:
        pool.close()


class _Pool:
    def __init__(
        self, work: Callable[..., Any], tasks: Iterable[Any], arguments: tuple[Any, ...], size: int, deadline: float
    ) -> None:
        self.work, self.arguments, self.deadline = work, arguments, deadline
        self.source = iter(tasks)
        self.tasks: dict[int, Any] = {}
        self.numbers = count()
        self.waiting: deque[int] = deque()
        self.tries: dict[int, int] = {}
        self.done: dict[int, Any] = {}
        self.size = size
        self.workers: list[_Worker] = []

    def results(self) -> Iterator[Any]:
        for _, result in self.pairs():
            yield result

    def pairs(self) -> Iterator[tuple[Any, Any]]:
        for number in count():
            while number not in self.done:
                self._hand_out(number)
                if all(worker.task is None for worker in self.workers):
                    return
                self._collect()
            self.tries.pop(number, None)
            yield self.tasks.pop(number), self.done.pop(number)

    def close(self) -> None:
        for worker in self.workers:
            worker.end(at_once=worker.task is not None)

    def _hand_out(self, wanted: int) -> None:
        """Give every process that is free a task; processes are started when there is something for them."""
        while True:
            free = next((worker for worker in self.workers if worker.task is None), None)
            if free is None and len(self.workers) >= self.size:
                return
            number = self._next(wanted)
            if number is None:
                return
            if free is None:
                free = _Worker(self.work, self.arguments)
                self.workers.append(free)
            self.tries[number] = self.tries.get(number, 0) + 1
            free.give(number, self.tasks[number])

    def _next(self, wanted: int) -> int | None:
        """The number of the next task; none if there is none, or if too many results wait already."""
        if self.waiting:
            return self.waiting.popleft()
        if len(self.tasks) >= _AHEAD * self.size and wanted in self.tasks:
            return None
        for task in self.source:
            if task is None:
                return None
            number = next(self.numbers)
            self.tasks[number] = task
            return number
        return None

    def _collect(self) -> None:
        from multiprocessing.connection import wait

        busy = [worker for worker in self.workers if worker.task is not None]
        left = min(worker.since + self.deadline for worker in busy) - time.monotonic()
        ready = wait([worker.pipe for worker in busy], timeout=max(left, 0))
        for worker in busy:
            if worker.pipe in ready:
                self._receive(worker)
            elif time.monotonic() - worker.since >= self.deadline:
                self._lose(worker, f"took longer than {self.deadline:g} seconds and was given up", again=False)

    def _receive(self, worker: _Worker) -> None:
        try:
            result = worker.pipe.recv()
        except (EOFError, ConnectionError):
            worker.process.join()
            self._lose(worker, f"ended the process that worked on it (status {worker.process.exitcode})", again=True)
            return
        if worker.task is not None:
            self.done[worker.task] = result
        worker.task = None

    def _lose(self, worker: _Worker, reason: str, *, again: bool) -> None:
        number = worker.task
        worker.end(at_once=True)
        self.workers[self.workers.index(worker)] = _Worker(self.work, self.arguments)
        if number is None:
            return
        if again and self.tries[number] < _ATTEMPTS:
            self.waiting.appendleft(number)
        else:
            self.done[number] = Lost(reason)
