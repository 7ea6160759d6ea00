# SPDX-License-Identifier: Apache-2.0
"""Work on several processes keeps its order and loses only what takes its process down."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from einvoice.service.batch import Lost, run


def square(task: int, offset: int) -> int:
    return task * task + offset


def die_at_two(task: int, folder: str) -> int:
    """Take the process down at task 2, and note every attempt."""
    with Path(folder, str(task)).open("a") as attempts:
        attempts.write("x")
    if task == 2:
        os._exit(7)
    return task


def sleep_at_one(task: int) -> int:
    if task == 1:
        time.sleep(60)
    return task


@pytest.mark.parametrize("processes", [1, 3])
def test_results_come_in_the_order_of_the_tasks(processes: int) -> None:
    assert list(run(square, range(20), 1, processes=processes)) == [n * n + 1 for n in range(20)]


def test_no_tasks_are_no_results() -> None:
    assert list(run(square, [], 1, processes=4)) == []


def test_a_task_that_takes_its_process_down_is_tried_twice_and_loses_only_itself(tmp_path: Path) -> None:
    results: list[Any] = list(run(die_at_two, range(5), str(tmp_path), processes=2))
    assert [result for result in results if not isinstance(result, Lost)] == [0, 1, 3, 4]
    assert "status 7" in str(results[2])
    assert (tmp_path / "2").read_text() == "xx"


def test_a_task_that_takes_too_long_is_given_up() -> None:
    results: list[Any] = list(run(sleep_at_one, range(3), processes=2, deadline=15))
    assert [results[0], results[2]] == [0, 2]
    assert isinstance(results[1], Lost)
    assert "longer than 15 seconds" in str(results[1])


def test_a_run_that_is_left_early_leaves_no_process_behind() -> None:
    results = run(square, range(50), 0, processes=2)
    assert next(results) == 0
    results.close()
