# SPDX-License-Identifier: Apache-2.0
"""What a run may cost, as settings: environment variables named ``EINVOICE_...``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from einvoice.bind.xml import Limits
from einvoice.errors import EinvoiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "EINVOICE_"


class Settings(Struct, frozen=True, kw_only=True):
    """The settings of a run.

    Attributes:
        limits: what one document may cost (``EINVOICE_LIMIT_BYTES``, ``..._ELEMENTS``, ``..._DEPTH``,
            ``..._ATTRIBUTES``, ``..._TOTAL_ATTRIBUTES``, ``..._TEXT``).
        deadline: seconds that a worker process may spend on one document (``EINVOICE_DEADLINE``).
        official_deadline: seconds that a publisher's artefact may spend on one document
            (``EINVOICE_OFFICIAL_DEADLINE``).
        official_memory: megabytes that it may use (``EINVOICE_OFFICIAL_MEMORY``).
        attachment: the attachment of a PDF that is the invoice, where the user says so.
        lenient: whether an EDIFACT interchange that counts its segments or messages wrongly is read all the same.
    """

    limits: Limits = Limits()
    deadline: int = 600
    official_deadline: int = 60
    official_memory: int = 2_048
    attachment: str | None = None
    lenient: bool = False

    @classmethod
    def from_environment(
        cls,
        environment: Mapping[str, str] | None = None,
        *,
        attachment: str | None = None,
        lenient: bool = False,
    ) -> Settings:
        """The settings that the environment states; the defaults for the rest.

        Args:
            environment: the variables; those of the process if ``None``.
            attachment: the attachment of a PDF that is the invoice, where the user says so.
            lenient: whether an EDIFACT interchange that counts wrongly is read all the same.

        Raises:
            EinvoiceError: a variable is not a whole number above zero, or higher than can be kept.
        """
        variables = os.environ if environment is None else environment
        stated = {field: _number(variables, name) for name, field in _LIMITS.items() if name in variables}
        limits = structs.replace(Limits(), **stated) if stated else Limits()
        others = {field: _number(variables, name) for name, field in _OTHERS.items() if name in variables}
        return cls(limits=limits, attachment=attachment, lenient=lenient, **others)


_LIMITS: Final = {f"{PREFIX}LIMIT_{field.upper()}": field for field in Limits.__struct_fields__}
_OTHERS: Final = {f"{PREFIX}{field.upper()}": field for field in ("deadline", "official_deadline", "official_memory")}


def _number(variables: Mapping[str, str], name: str) -> int:
    text = variables[name].strip().replace("_", "")
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise EinvoiceError(
            f"the environment variable {name} is {variables[name]!r}; it has to be a whole number above zero",
            code="SETTINGS",
        )
    return int(text)
