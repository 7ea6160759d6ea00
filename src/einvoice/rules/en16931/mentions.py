# SPDX-License-Identifier: Apache-2.0
"""Every country and every VAT identifier that an invoice mentions, wherever it does."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final, Self

from msgspec import Struct

from einvoice.model import Invoice, fields_of
from einvoice.rules.places import places, reachable
from einvoice.rules.rows import WHITE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.model import Reading, Remark

_ENDS: Final = {
    "country_code": ("/cac:Country/cbc:IdentificationCode", "/ram:CountryID"),
    "country_of_origin": ("/cac:OriginCountry/cbc:IdentificationCode",),
    "location_country_code": ("/ram:RelevantTradeLocation/ram:CountryID",),
}
_TAX_NUMBER: Final = re.compile(r"/cac:PartyTaxScheme(?:\[\d+\])?/cbc:CompanyID$")
_VAT_NUMBERS: Final = frozenset({"BT-31", "BT-48", "BT-63"})
Look = Callable[[Any, str, list[tuple[str, str, "Remark | None"]]], None]
"""Looks through a struct: what it is, where it stands, and what was found."""


def paths(*fields: str) -> str:
    """The model paths of fields, wherever a class has them, divided by blanks.

    Args:
        fields: names of fields.
    """
    return " ".join(
        f"{path}.{name}"
        for cls, somewhere in places().items()
        for name in fields_of(cls)
        if name in fields
        for path in somewhere
    )


class Mentions:
    """What an invoice mentions under a name, wherever it does (a view, see ``rules.registry``)."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    @classmethod
    def of(cls, reading: Reading) -> Self:
        """Look at an invoice.

        Args:
            reading: what was read.
        """
        return cls(reading)

    def named(self, *fields: str) -> Iterator[tuple[str, str, Remark | None]]:
        """Model path and text of each mention; with the leaf of the source if it has no place in the model.

        Args:
            fields: the fields to look for, such as ``country_code`` or ``vat_identifier``.
        """
        found: list[tuple[str, str, Remark | None]] = []
        _looking_for(fields)[Invoice](self._reading.invoice, "", found)
        yield from found
        if not self._reading.remarks:
            return
        ends = tuple(end for name in fields for end in _ENDS.get(name, ()))
        for remark in self._reading.remarks:
            if remark.reason == "spelled":
                continue
            again = "vat_identifier" in fields and self._is_vat_number(remark)
            if again or (ends and remark.path.endswith(ends)):
                yield remark.model_path, remark.value, remark

    def _is_vat_number(self, remark: Remark) -> bool:
        """Whether a leaf is a VAT identifier: by its term, or by the scheme that stands beside it.

        One that was not read for being a second one has its scheme in the condition of its binding: it is VAT.
        """
        if not _VAT_NUMBERS.isdisjoint(remark.terms):
            return True
        if remark.path.endswith("/ram:ID"):
            return (
                "/ram:SpecifiedTaxRegistration" in remark.path and self._schemes.get(f"{remark.path}/@schemeID") == "VA"
            )
        if not _TAX_NUMBER.search(remark.path):
            return False
        scheme = self._schemes.get(f"{remark.path.rpartition('/')[0]}/cac:TaxScheme/cbc:ID")
        return remark.reason == "repeated" if scheme is None else scheme.strip(WHITE).upper() == "VAT"

    @cached_property
    def _schemes(self) -> dict[str, str]:
        """The tax schemes that have no place in the model, by their paths."""
        ends = ("/cac:TaxScheme/cbc:ID", "/ram:ID/@schemeID")
        return {remark.path: remark.value for remark in self._reading.remarks if remark.path.endswith(ends)}


@cache
def _looking_for(fields: tuple[str, ...]) -> dict[type[Struct], Look]:
    """The functions that look for fields, by the class that they look through: those of all classes on the way."""
    looks: dict[type[Struct], Look] = {}
    for cls in reachable(Invoice):
        if not _lead(cls, fields):
            continue
        names: dict[str, object] = {"looks": looks}
        source = "\n".join(["def look(it, at, found):", *(f"    {line}" for line in _lines(cls, fields, names)), ""])
        exec(source, names)  # noqa: S102 -- written here, of names of the model alone
        looks[cls] = names["look"]  # type: ignore[assignment]  # what was just defined
    return looks


def _lead(cls: type[Struct], fields: tuple[str, ...]) -> bool:
    """Whether a class has one of some fields, or leads to one that does."""
    return any(name in fields_of(one) for one in reachable(cls) for name in fields)


def _lines(cls: type[Struct], fields: tuple[str, ...], names: dict[str, object]) -> Iterator[str]:
    """What looks through the structs of a class: most say nothing of most fields, which then cost a comparison."""
    for info in fields_of(cls).values():
        further = f"looks[{info.value_type.__name__}]"
        if info.name in fields:
            yield f"if it.{info.name} is not None: found.append((at + {info.name!r}, it.{info.name}, None))"
        elif info.is_group and _lead(info.value_type, fields):
            names[info.value_type.__name__] = info.value_type
            if info.repeats:
                yield f"for index, one in enumerate(it.{info.name}):"
                yield f"    {further}(one, f'{{at}}{info.name}[{{index}}].', found)"
            else:
                yield f"if it.{info.name} is not None: {further}(it.{info.name}, at + '{info.name}.', found)"
