# SPDX-License-Identifier: Apache-2.0
"""An attribute that is computed when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 -- used as a decorator, as property is
    """What ``functools.cached_property`` is from Python 3.12 on: without the lock that costs more than most values do.

    Views belong to one run in one thread; two threads that asked the same one would compute the same.

    Args:
        compute: computes the value.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, owner: None, cls: type) -> once[T]: ...

    @overload
    def __get__(self, owner: object, cls: type) -> T: ...

    def __get__(self, owner: object | None, cls: type) -> once[T] | T:
        """Compute the value and keep it: the next access finds it in the instance and does not come here."""
        if owner is None:
            return self
        value = owner.__dict__[self._name] = self._compute(owner)
        return value
