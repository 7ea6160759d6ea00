# SPDX-License-Identifier: Apache-2.0
"""Invoices of an export made abreast are those made one by one."""

from __future__ import annotations

from einvoice.service.convert import Attempt, Wish
from einvoice.service.export import Exports, convert_imported, stepwise
from einvoice.service.settings import Settings
from einvoice.service.shapes import Shapes
from einvoice.service.status import Status
from einvoice.service.steps import abreast
from tests.architecture.house import ROOT

STORY = ROOT / "fixtures" / "erp-csv"


def failed(error: Exception) -> Attempt:
    return Attempt(status=Status.UNREADABLE, lead=str(error))


def test_invoices_made_abreast_are_those_made_one_by_one() -> None:
    exports = Exports(str(STORY / "mapping.toml"), str(STORY / "seller.toml"))
    wish = Wish(to="ubl", settings=Settings())
    found = list(exports.read(str(STORY / "export.csv"), limit=1_000_000))
    alone = [convert_imported(one, wish, "in", shapes=Shapes()) for one in found]
    together = abreast([stepwise(one, wish, "in", shapes=Shapes()) for one in found], failed)
    assert len(found) > 1
    assert [one.output for one in together] == [one.output for one in alone]
    assert [one.error is None for one in together] == [True] * len(found)
