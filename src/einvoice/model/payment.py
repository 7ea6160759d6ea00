# SPDX-License-Identifier: Apache-2.0
"""How the invoice is to be paid: BG-16 to BG-19."""

# The annotations are data (einvoice.model.terms), so they are evaluated here and not kept as texts.
from datetime import date
from typing import Annotated

from einvoice.model.terms import EN, FX, UBL, Group, bg, bt


class CreditTransfer(Group, frozen=True):
    """BG-17: the account to transfer the money to."""

    payment_account_identifier: Annotated[
        str | None, bt("BT-84", "Payment account identifier", "IBAN, or another number of the account to be credited.")
    ] = None
    payment_account_name: Annotated[
        str | None, bt("BT-85", "Payment account name", "Name in which the account is held.")
    ] = None
    payment_service_provider_identifier: Annotated[
        str | None, bt("BT-86", "Payment service provider identifier", "BIC or national code of the bank.")
    ] = None
    proprietary_account_identifier: Annotated[
        str | None, bt("", "Proprietary account identifier", "The account's national number, beside an IBAN.", FX)
    ] = None
    account_scheme: Annotated[
        str | None,
        bt(
            "",
            "Payment account scheme",
            "Kind of the account number, where the syntax says it: IBAN or a proprietary number.",
        ),
    ] = None


class PaymentCardInformation(Group, frozen=True):
    """BG-18: the card the payment was made with."""

    primary_account_number: Annotated[
        str | None, bt("BT-87", "Payment card primary account number", "Card number, masked to its last digits.")
    ] = None
    holder_name: Annotated[str | None, bt("BT-88", "Payment card holder name", "Name of the card's holder.")] = None
    network_identifier: Annotated[
        str | None, bt("", "Payment card network", "The card network that UBL requires beside the number.", UBL)
    ] = None


class DirectDebit(Group, frozen=True):
    """BG-19: the mandate by which the money is collected."""

    mandate_reference_identifier: Annotated[
        str | None, bt("BT-89", "Mandate reference identifier", "The mandate the buyer has given.")
    ] = None
    bank_assigned_creditor_identifier: Annotated[
        str | None, bt("BT-90", "Bank assigned creditor identifier", "The creditor's identifier with its bank (SEPA).")
    ] = None
    debited_account_identifier: Annotated[
        str | None, bt("BT-91", "Debited account identifier", "The account the money is taken from.")
    ] = None
    payee_creditor_identifier: Annotated[
        str | None,
        bt("", "Bank assigned creditor identifier of the payee", "BT-90, where UBL states it with the payee (BG-10)."),
    ] = None


class PaymentMeans(Group, frozen=True):
    """One way to pay (part of BG-16).

    EN 16931 has the means once; both syntaxes repeat it, so the model keeps all. The last four fields hold
    what one of several means states differently from the others.
    """

    type_code: Annotated[
        str | None, bt("BT-81", "Payment means type code", "How the payment is made: UNTDID 4461 code.")
    ] = None
    text: Annotated[str | None, bt("BT-82", "Payment means text", "The same in words.")] = None
    credit_transfers: Annotated[
        tuple[CreditTransfer, ...], bg("BG-17", "CREDIT TRANSFER", "The account to transfer the money to.")
    ] = ()
    payment_card: Annotated[
        PaymentCardInformation | None, bg("BG-18", "PAYMENT CARD INFORMATION", "The card the payment was made with.")
    ] = None
    remittance_information: Annotated[
        str | None, bt("", "Remittance information of this means", "BT-83, where this means states another.")
    ] = None
    mandate_reference_identifier: Annotated[
        str | None, bt("", "Mandate of this means", "BT-89, where this means states another.")
    ] = None
    debited_account_identifier: Annotated[
        str | None, bt("", "Debited account of this means", "BT-91, where this means states another.")
    ] = None
    payment_due_date: Annotated[
        date | None, bt("", "Due date of this means", "Day by which this means is to be used.", UBL)
    ] = None
    debited_account_name: Annotated[
        str | None, bt("BT-216", "Debited account name", "Name in which the debited account is held.", FX)
    ] = None
    debited_account_service_provider_identifier: Annotated[
        str | None, bt("BT-215", "Debited account service provider", "BIC of the bank of the debited account.", FX)
    ] = None


class PaymentInstructions(Group, frozen=True):
    """BG-16: how the invoice is to be paid."""

    means: Annotated[
        tuple[PaymentMeans, ...], bg("", "Payment means", "The ways to pay; EN 16931 speaks of one.", EN)
    ] = ()
    remittance_information: Annotated[
        str | None, bt("BT-83", "Remittance information", "The reference the payer shall quote.")
    ] = None
    direct_debit: Annotated[
        DirectDebit | None, bg("BG-19", "DIRECT DEBIT", "The mandate by which the money is collected.")
    ] = None
