# SPDX-License-Identifier: Apache-2.0
"""Whether the pages of a PDF show what the invoice inside says: number, dates, totals, accounts.

People read the page and pay by it, programs read the XML and book by it; where the two differ, one of them is wrong, by
accident or by design. A page that cannot be read as text is an open question and no finding, and so is what a page need
not show.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from stdnum import iban

from einvoice.pdf.page_dates import dates, days_to_pay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from einvoice.model import Invoice

_LETTERS: Final = 20
_SPACE: Final = r"[\s\u00a0\u2007\u2009\u202f]"
_GROUPED: Final = rf"(?:[.,'’]|{_SPACE})?"
_NUMBER: Final = re.compile(rf"(?<![\d.,])\d{{1,3}}(?:{_GROUPED}\d{{3}})*[.,]\d{{2}}(?![.,]?\d)")
_ACCOUNT: Final = re.compile(rf"[A-Z]{{2}}\d{{2}}(?:{_SPACE}?[A-Z0-9]){{11,40}}")
_SHORTEST, _LONGEST = 15, 34  # signs of an IBAN


class Difference(Struct, frozen=True):
    """A value that the invoice states and the page shows otherwise, or not at all.

    Attributes:
        what: ``NUMBER``, ``DATE``, ``DUE``, ``TOTAL``, ``PAYABLE`` or ``IBAN``.
        term: the number of the term.
        stated: what the invoice says.
        shown: what the page shows instead; empty if nothing like it.
    """

    what: str
    term: str
    stated: str
    shown: str = ""


class Comparison(Struct, frozen=True):
    """What comparing page and invoice says.

    Attributes:
        differences: what differs.
        open: why nothing could be compared; empty if it could.
    """

    differences: tuple[Difference, ...] = ()
    open: str = ""


def compare(text: str, invoice: Invoice) -> Comparison:
    """Compare the text of the pages with an invoice.

    Args:
        text: the text of the pages.
        invoice: what the XML says.
    """
    if sum(map(str.isalnum, text)) < _LETTERS:
        return Comparison(open="its pages have no text, such as those of a scan")
    looks = list(_looks(text, invoice))
    found = tuple(difference for difference in looks if difference is not None)
    recognised = _NUMBER.search(text) or dates(text)
    if looks and len(found) == len(looks) and not recognised:
        return Comparison(open="the text of its pages makes no sense: the fonts do not say what their letters mean")
    return Comparison(found)


def _looks(text: str, invoice: Invoice) -> Iterator[Difference | None]:
    """One look for each value that a page has to show: what differs, or nothing."""
    if invoice.number and _bare(invoice.number):
        shows = _bare(invoice.number) in _bare(text)
        yield None if shows else Difference("NUMBER", "BT-1", invoice.number)
    if invoice.issue_date is not None:
        days = {day for one in dates(text) for day in one.days}
        stated = invoice.issue_date
        yield None if stated in days else Difference("DATE", "BT-2", stated.isoformat(), _listed(days))
    due = days_to_pay(text)
    if invoice.payment_due_date is not None and due:
        shown = ", ".join(dict.fromkeys(one.text for one in due))
        shows = any(invoice.payment_due_date in one.days for one in due)
        yield None if shows else Difference("DUE", "BT-9", invoice.payment_due_date.isoformat(), _short(shown))
    yield from _amounts(text, invoice)
    yield from _accounts(text, invoice)


def _amounts(text: str, invoice: Invoice) -> Iterator[Difference | None]:
    totals = invoice.totals
    if totals is None:
        return
    with_vat, payable = totals.invoice_total_amount_with_vat, totals.amount_due_for_payment
    for what, term, amount in (("TOTAL", "BT-112", with_vat), ("PAYABLE", "BT-115", payable)):
        if amount and (what == "TOTAL" or amount != with_vat):
            shown = ", ".join(dict.fromkeys(match[0] for match in _NUMBER.finditer(text)))
            yield None if _shows_amount(text, amount) else Difference(what, term, str(amount), _short(shown))


def _accounts(text: str, invoice: Invoice) -> Iterator[Difference | None]:
    """An account is compared only where the page shows one: it need not show any."""
    shown = _accounts_in(text)
    means = invoice.payment_instructions.means if invoice.payment_instructions else ()
    accounts = [one.payment_account_identifier or "" for way in means for one in way.credit_transfers]
    stated = [account for account in accounts if iban.is_valid(account)]
    together = re.sub(_SPACE, "", text).upper()
    for account in dict.fromkeys(iban.compact(one) for one in stated):
        if shown or account in together:
            same = account in together
            yield None if same else Difference("IBAN", "BT-84", account, ", ".join(sorted(shown)))


def _shows_amount(text: str, amount: Decimal) -> bool:
    """Whether an amount stands there in any notation: 1.234,56, 1,234.56, 1 234,56, 1'234.56, and 1.000,-."""
    whole, _, cents = f"{abs(amount):.2f}".partition(".")
    head = len(whole) % 3 or 3
    groups = [whole[:head], *(whole[at : at + 3] for at in range(head, len(whole), 3))]
    exact = f"{abs(amount):f}".partition(".")[2].rstrip("0")
    end = rf"[.,]{cents}" if len(exact) <= len(cents) else rf"[.,](?:{cents}|{exact}0*)"
    if not exact:
        end = "(?:[.,]00|[.,][-–—]+)?"
    return re.search(rf"(?<!\d)(?<!\d[.,]){_GROUPED.join(groups)}{end}0?(?![\d])(?![.,]\d)", text) is not None


def _accounts_in(text: str) -> set[str]:
    """The IBANs that stand there, of those that are right."""
    found: set[str] = set()
    for match in _ACCOUNT.finditer(text):
        together = re.sub(_SPACE, "", match[0])
        starts = (together[:size] for size in range(_SHORTEST, min(len(together), _LONGEST) + 1))
        found.update(start for start in starts if iban.is_valid(start))
    return found


def _bare(text: str) -> str:
    """A text without what a page may set otherwise: spaces, punctuation, case."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _listed(days: set[date]) -> str:
    return _short(", ".join(day.isoformat() for day in sorted(days)))


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"  # noqa: PLR2004 - what fits on a line
