# SPDX-License-Identifier: Apache-2.0
"""axe-core finds no fault in the HTML page: light and dark, wide and narrow, with and without findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice import validate
from einvoice.render import render_html
from tests.peers.browser import axe
from tests.render.making import Everything, invoice, png
from tests.render.samples import sample

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.peers


def test_an_invoice_with_all_that_a_page_can_hold_has_no_fault(tmp_path: Path) -> None:
    assert axe(render_html(Everything().invoice, language="fr", logo=png()), tmp_path) == []


def test_a_dark_page_with_findings_has_no_fault(tmp_path: Path) -> None:
    judged = render_html(invoice(3), language="de", report=validate(invoice(3)))
    assert b'class="finding fatal"' in judged
    assert axe(judged, tmp_path, dark=True) == []


def test_a_narrow_page_with_the_square_of_a_qr_bill_has_no_fault(tmp_path: Path) -> None:
    assert axe(render_html(sample("swiss"), language="it"), tmp_path, width=420) == []


def test_axe_would_notice_a_fault(tmp_path: Path) -> None:
    spoilt = render_html(invoice(1), logo=png()).replace(b' alt="', b' data-alt="').replace(b'lang="en"', b"")
    found = {violation.partition(":")[0] for violation in axe(spoilt, tmp_path)}
    assert {"image-alt", "html-has-lang"} <= found
