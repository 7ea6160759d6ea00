# SPDX-License-Identifier: Apache-2.0
"""How and when to pay (BG-16 to BG-19, BT-9, BT-20)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from einvoice.render.further import sentence
from einvoice.render.sheet import Block, Pair
from einvoice.render.text import LONGEST_TITLE, printable, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.model import CreditTransfer, Invoice, PaymentInstructions, PaymentMeans
    from einvoice.render.words import Words

    Found = Iterator[tuple[str, str]]

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_GROUP = 4
_DEBITS = {"49", "59"}  # UNTDID 4461: direct debit, SEPA direct debit
# XRechnung 3.0.2, BR-DE-18: a discount or a penalty as a line of BT-20 that programs can read.
_CONDITION = re.compile(
    r"^#(?P<kind>SKONTO|VERZUG)#TAGE=(?P<days>[0-9]{1,4})#PROZENT=(?P<percent>[0-9]{1,3}\.[0-9]{2})"
    r"(?:#BASISBETRAG=(?P<base>-?[0-9]{1,15}\.[0-9]{2}))?#[ \t]*$",
    re.MULTILINE,
)


def payment(words: Words, invoice: Invoice) -> tuple[Block, ...]:
    """One block for each way to pay.

    What belongs to all of them stands in the first, the mandate in the first that is a direct debit.
    """
    instructions = invoice.payment_instructions
    means = instructions.means if instructions else ()
    blocks = [_means(words, entry) for entry in means] or [Block("")]
    debit = next((index for index, entry in enumerate(means) if entry.type_code in _DEBITS), 0)
    if instructions:
        blocks[debit] = Block(blocks[debit].title, (*_pairs(_debit(words, instructions)), *blocks[debit].pairs))
    blocks[0] = Block(blocks[0].title, (*_pairs(_common(words, invoice)), *blocks[0].pairs))
    return tuple(block for block in blocks if block.title or block.pairs)


def terms(words: Words, invoice: Invoice) -> tuple[str, ...]:
    """The terms of payment: the text (BT-20), then those that extensions state in detail."""
    detailed = invoice.extension.payment_terms if invoice.extension else ()
    text = _CONDITION.sub(lambda line: _condition(words, line, invoice.currency_code), invoice.payment_terms or "")
    return tuple(
        said for said in (text, *(sentence(words, entry, invoice.currency_code) for entry in detailed)) if said
    )


def _condition(words: Words, line: re.Match[str], currency: str | None) -> str:
    base = "_of" if line["base"] else ""
    return words.phrase(
        f"{line['kind'].lower()}{base}",
        percent=words.percent(Decimal(line["percent"])),
        days=line["days"],
        base=words.money(Decimal(line["base"]), currency) if line["base"] else "",
    )


def _pairs(found: Iterable[tuple[str, str]]) -> tuple[Pair, ...]:
    return tuple(Pair(label, value) for label, value in found if value)


def _common(words: Words, invoice: Invoice) -> Found:
    amount = invoice.totals.amount_due_for_payment if invoice.totals else None
    yield words.page["due"], words.money(amount, invoice.currency_code)
    yield words.page["due_date"], words.date(invoice.payment_due_date)
    if invoice.payment_instructions:
        yield words.page["remittance"], invoice.payment_instructions.remittance_information or ""


def _debit(words: Words, instructions: PaymentInstructions) -> Found:
    page, debit = words.page, instructions.direct_debit
    if debit:
        yield page["mandate"], debit.mandate_reference_identifier or ""
        yield page["creditor"], debit.bank_assigned_creditor_identifier or ""
        yield page["payee_creditor"], debit.payee_creditor_identifier or ""
        yield page["debited_account"], account(debit.debited_account_identifier)


def _means(words: Words, means: PaymentMeans) -> Block:
    page, card = words.page, means.payment_card
    found = (
        ("", means.text or ""),
        *(pair for transfer in means.credit_transfers for pair in _transfer(words, transfer)),
        (page["card"], (card.primary_account_number if card else None) or ""),
        (page["card_holder"], (card.holder_name if card else None) or ""),
        (page["card_network"], (card.network_identifier if card else None) or ""),
        (page["remittance"], means.remittance_information or ""),
        (page["mandate"], means.mandate_reference_identifier or ""),
        (page["debited_account"], account(means.debited_account_identifier)),
        (page["account_name"], means.debited_account_name or ""),
        (page["bank"], means.debited_account_service_provider_identifier or ""),
        (page["due_date"], words.date(means.payment_due_date)),
    )
    title = printable(words.code("means", means.type_code))
    beyond = (Pair("", title),) if len(title) > LONGEST_TITLE else ()
    return Block(shortened(title), (*beyond, *_pairs(found)))


def _transfer(words: Words, transfer: CreditTransfer) -> Found:
    page = words.page
    number = transfer.payment_account_identifier or ""
    yield page["iban" if _IBAN.fullmatch(compact(number)) else "account"], account(number)
    yield page["account"], transfer.proprietary_account_identifier or ""
    yield page["account_name"], transfer.payment_account_name or ""
    yield page["bank"], transfer.payment_service_provider_identifier or ""
    scheme = transfer.account_scheme or ""
    yield page["account_scheme"], scheme if scheme.upper() != "IBAN" else ""


def compact(number: str) -> str:
    """An account number without the spaces that people write into it."""
    return re.sub(r"[\s\u00a0]", "", number).upper()


def account(number: str | None) -> str:
    """An account number; an IBAN in groups of four, as ISO 13616 prints it."""
    plain = compact(number or "")
    if not _IBAN.fullmatch(plain):
        return number or ""
    return " ".join(plain[start : start + _GROUP] for start in range(0, len(plain), _GROUP))
