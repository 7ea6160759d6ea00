# SPDX-License-Identifier: Apache-2.0
"""How and when to pay (BG-16 to BG-19, BT-9, BT-20)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from einvoice.render.further import sentence
from einvoice.render.sheet import Block, Pair, pairs
from einvoice.render.text import LONGEST_TITLE, printable, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.model import CreditTransfer, Invoice, PaymentCardInformation, PaymentInstructions, PaymentMeans
    from einvoice.render.words import Words

    Found = Iterator[tuple[str, ...]]

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_GROUP = 4
_MEANS = "payment_instructions.means"
_DEBIT = "payment_instructions.direct_debit"
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
    blocks = [_means(words, entry, f"{_MEANS}[{index}]") for index, entry in enumerate(means)] or [Block("")]
    debit = next((index for index, entry in enumerate(means) if entry.type_code in _DEBITS), 0)
    if instructions:
        blocks[debit] = _with(pairs(_debit(words, instructions), f"{_DEBIT}."), blocks[debit])
    blocks[0] = _with(pairs(_common(words, invoice)), blocks[0])
    return tuple(block for block in blocks if block.title or block.pairs)


def _with(first: tuple[Pair, ...], block: Block) -> Block:
    return Block(block.title, (*first, *block.pairs), block.at)


def terms(words: Words, invoice: Invoice) -> tuple[Pair, ...]:
    """The terms of payment: the text (BT-20), then those that extensions state in detail."""
    detailed = invoice.extension.payment_terms if invoice.extension else ()
    text = _CONDITION.sub(lambda line: _condition(words, line, invoice.currency_code), invoice.payment_terms or "")
    beyond = (
        ("", sentence(words, entry, invoice.currency_code), f"extension.payment_terms[{index}]")
        for index, entry in enumerate(detailed)
    )
    return pairs((("", text, "payment_terms"), *beyond))


def _condition(words: Words, line: re.Match[str], currency: str | None) -> str:
    base = "_of" if line["base"] else ""
    return words.phrase(
        f"{line['kind'].lower()}{base}",
        percent=words.percent(Decimal(line["percent"])),
        days=line["days"],
        base=words.money(Decimal(line["base"]), currency) if line["base"] else "",
    )


def _common(words: Words, invoice: Invoice) -> Found:
    amount = invoice.totals.amount_due_for_payment if invoice.totals else None
    yield words.page["due"], words.money(amount, invoice.currency_code), "totals.amount_due_for_payment"
    yield words.page["due_date"], words.date(invoice.payment_due_date), "payment_due_date"
    if invoice.payment_instructions:
        reference = invoice.payment_instructions.remittance_information or ""
        yield words.page["remittance"], reference, "payment_instructions.remittance_information"


def _debit(words: Words, instructions: PaymentInstructions) -> Found:
    page, debit = words.page, instructions.direct_debit
    if debit:
        yield page["mandate"], debit.mandate_reference_identifier or "", "mandate_reference_identifier"
        yield page["creditor"], debit.bank_assigned_creditor_identifier or "", "bank_assigned_creditor_identifier"
        yield page["payee_creditor"], debit.payee_creditor_identifier or "", "payee_creditor_identifier"
        yield page["debited_account"], account(debit.debited_account_identifier), "debited_account_identifier"


def _means(words: Words, means: PaymentMeans, here: str) -> Block:
    page, bank = words.page, "debited_account_service_provider_identifier"
    transfers = (
        pair for index, transfer in enumerate(means.credit_transfers) for pair in _transfer(words, transfer, index)
    )
    found: tuple[tuple[str, ...], ...] = (
        ("", means.text or "", "text"),
        *transfers,
        *_card(words, means.payment_card),
        (page["remittance"], means.remittance_information or "", "remittance_information"),
        (page["mandate"], means.mandate_reference_identifier or "", "mandate_reference_identifier"),
        (page["debited_account"], account(means.debited_account_identifier), "debited_account_identifier"),
        (page["account_name"], means.debited_account_name or "", "debited_account_name"),
        (page["bank"], means.debited_account_service_provider_identifier or "", bank),
        (page["due_date"], words.date(means.payment_due_date), "payment_due_date"),
    )
    title, where = printable(words.code("means", means.type_code)), (f"{here}.type_code",)
    beyond = (Pair("", title, where),) if len(title) > LONGEST_TITLE else ()
    return Block(shortened(title), (*beyond, *pairs(found, f"{here}.")), where)


def _card(words: Words, card: PaymentCardInformation | None) -> Found:
    if card:
        page, here = words.page, "payment_card"
        yield page["card"], card.primary_account_number or "", f"{here}.primary_account_number"
        yield page["card_holder"], card.holder_name or "", f"{here}.holder_name"
        yield page["card_network"], card.network_identifier or "", f"{here}.network_identifier"


def _transfer(words: Words, transfer: CreditTransfer, index: int) -> Found:
    page, here = words.page, f"credit_transfers[{index}]"
    number = transfer.payment_account_identifier or ""
    label = page["iban" if _IBAN.fullmatch(compact(number)) else "account"]
    yield label, account(number), f"{here}.payment_account_identifier"
    yield page["account"], transfer.proprietary_account_identifier or "", f"{here}.proprietary_account_identifier"
    yield page["account_name"], transfer.payment_account_name or "", f"{here}.payment_account_name"
    bank = transfer.payment_service_provider_identifier or ""
    yield page["bank"], bank, f"{here}.payment_service_provider_identifier"
    scheme = transfer.account_scheme or ""
    yield page["account_scheme"], scheme if scheme.upper() != "IBAN" else "", f"{here}.account_scheme"


def compact(number: str) -> str:
    """An account number without the spaces that people write into it."""
    return re.sub(r"[\s\u00a0]", "", number).upper()


def account(number: str | None) -> str:
    """An account number; an IBAN in groups of four, as ISO 13616 prints it."""
    plain = compact(number or "")
    if not _IBAN.fullmatch(plain):
        return number or ""
    return " ".join(plain[start : start + _GROUP] for start in range(0, len(plain), _GROUP))
