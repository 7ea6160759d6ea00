# SPDX-License-Identifier: Apache-2.0
"""Many small cases in one test: what is done around a test (reports, fixtures, coverage) costs more than many judge."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from _pytest.mark.structures import ParameterSet

STEPS_ASIDE = (Exception, pytest.fail.Exception, pytest.skip.Exception)
"""What ends a case without ending the others; a case that skips itself would hide what comes after it, and fails."""


def together(names: str, cases: Iterable[object]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Judge all cases within one test, and name each that does not hold; written like ``pytest.mark.parametrize``.

    The cases share the fixtures of the test: only for tests that change nothing.

    Args:
        names: the parameters of the test that make up a case, with commas between them.
        cases: a value each, a tuple of values for several parameters, or ``pytest.param`` with an id.
    """
    parameters = [name.strip() for name in names.split(",")]
    sets = [_case(one, len(parameters)) for one in cases]
    assert sets, f"there are no cases of {names}"

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        def judge(**fixtures: object) -> None:
            failed: dict[str, BaseException] = {}
            for one in sets:
                try:
                    test(**fixtures, **dict(zip(parameters, one.values, strict=True)))
                except STEPS_ASIDE as error:
                    failed[str(one.id or "-".join(map(str, one.values)))] = error
            if failed:
                raise AssertionError("\n".join(_told(failed, len(sets)))) from next(iter(failed.values()))

        whole = inspect.signature(test)
        rest = [parameter for name, parameter in whole.parameters.items() if name not in parameters]
        judge.__signature__ = whole.replace(parameters=rest)  # type: ignore[attr-defined]
        judge.place_as = test  # type: ignore[attr-defined] # where pytest says that it stands
        for name in ("__name__", "__qualname__", "__module__", "__doc__"):
            setattr(judge, name, getattr(test, name))
        return judge

    return decorate


def _case(given: object, size: int) -> ParameterSet:
    if isinstance(given, type(pytest.param())):
        return given
    return pytest.param(*given) if size > 1 and isinstance(given, tuple) else pytest.param(given)


def _told(failed: dict[str, BaseException], among: int) -> Iterator[str]:
    yield f"{len(failed)} of {among} cases do not hold:"
    for name, error in failed.items():
        reason, *_ = str(error).strip().splitlines() or [type(error).__name__]
        yield f"  {name}: {reason if isinstance(error, AssertionError) else f'{type(error).__name__}: {reason}'}"
