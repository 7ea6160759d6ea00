# SPDX-License-Identifier: Apache-2.0
"""Every country and every VAT identifier that an invoice mentions, wherever it does."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

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
_NONE: Final[tuple[()]] = ()
_VAT_NUMBERS: Final = frozenset({"BT-31", "BT-48", "BT-63"})


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
        _walk(self._reading.invoice, Invoice, "", fields, found)
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


class _Ways(NamedTuple):
    """Where in a class something may be that is looked for.

    Attributes:
        values: what a struct of the class has there, all of it at once.
        nothing: what that is where it has nothing.
        fields: of each, its name, whether it repeats, and its class; ``None`` for what is looked for itself.
    """

    values: Callable[[Any], tuple[Any, ...]]
    nothing: tuple[Any, ...]
    fields: tuple[tuple[str, bool, type[Struct] | None], ...]


def _walk(
    thing: Any,  # noqa: ANN401 -- any struct of the model
    cls: type[Struct],
    path: str,
    fields: tuple[str, ...],
    found: list[tuple[str, str, Remark | None]],
) -> None:
    ways = _ways(cls, fields)
    values = ways.values(thing)
    if values == ways.nothing:
        return
    for value, (name, repeats, below) in zip(values, ways.fields, strict=True):
        if value is None or value is _NONE:
            continue
        here = f"{path}.{name}" if path else name
        if below is None:
            found.append((here, value, None))
        elif repeats:
            for index, item in enumerate(value):
                _walk(item, below, f"{here}[{index}]", fields, found)
        else:
            _walk(value, below, here, fields, found)


@cache
def _ways(cls: type[Struct], fields: tuple[str, ...]) -> _Ways:
    """The fields of a class that are looked for, and those below which one may be."""
    found: list[tuple[str, bool, type[Struct] | None]] = []
    for info in fields_of(cls).values():
        if info.name in fields:
            found.append((info.name, False, None))
        elif info.is_group and any(name in fields_of(one) for one in reachable(info.value_type) for name in fields):
            found.append((info.name, info.repeats, info.value_type))
    names = [name for name, _, _ in found]
    values = attrgetter(*names) if len(names) > 1 else lambda thing: tuple(getattr(thing, name) for name in names)
    return _Ways(values, tuple(_NONE if repeats else None for _, repeats, _ in found), tuple(found))
