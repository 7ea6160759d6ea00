# SPDX-License-Identifier: Apache-2.0
"""An access point takes what its participants registered, and says PEPPOL:NOT_SERVICED to everything else."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from einvoice.service.served import served, usual_types
from einvoice.transport.peppol.identifiers import WILDCARD_SCHEME, DocumentType, ParticipantId, Process
from einvoice.transport.peppol.sbdh import Header
from tests.transport.network import BILLING, INVOICE

ROOT = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice##"
PINT = DocumentType(f"{ROOT}urn:peppol:pint:billing-1@eu-1::2.1", WILDCARD_SCHEME)
ORDER = DocumentType(
    "urn:oasis:names:specification:ubl:schema:xsd:Order-2::Order##urn:fdc:peppol.eu:poacc:trns:order:3::2.1"
)
HEADER = Header(
    sender=ParticipantId("9915:a"),
    receiver=ParticipantId("9915:B"),
    instance_id="1",
    created=datetime(2026, 11, 22, tzinfo=UTC),
    document_type=INVOICE,
    process=BILLING,
    country="DE",
    standard="x",
    kind="Invoice",
    version="2.1",
)


def header(**changes: object) -> Header:
    return msgspec.structs.replace(HEADER, **changes)


def test_invoices_that_einvoice_can_judge_and_answers_to_them_are_taken() -> None:
    takes = served(["9915:b"])
    assert takes(HEADER)
    assert takes(
        header(
            document_type=DocumentType(
                "urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2::ApplicationResponse"
                "##urn:fdc:peppol.eu:poacc:trns:invoice_response:3::2.1"
            ),
            process=Process("urn:fdc:peppol.eu:poacc:bis:invoice_response:3"),
        )
    )
    assert INVOICE in usual_types()


@pytest.mark.parametrize(
    "changes",
    [
        {"receiver": ParticipantId("9915:c")},
        {"document_type": ORDER, "process": Process("urn:fdc:peppol.eu:poacc:bis:ordering:3")},
        {"document_type": PINT},
        {"document_type": DocumentType(f"{ROOT}urn:something::2.1")},
        {"document_type": DocumentType(INVOICE.value, WILDCARD_SCHEME)},
        {"process": Process("urn:fdc:peppol.eu:2017:poacc:selfbilling:01:1.0")},
        {"process": Process(BILLING.value, "another-scheme")},
    ],
)
def test_another_receiver_document_or_process_is_not_served(changes: dict[str, object]) -> None:
    assert not served(["9915:b"])(header(**changes))


def test_the_settings_name_what_is_taken_instead() -> None:
    takes = served(["9915:b"], [str(ORDER)])
    assert takes(header(document_type=ORDER, process=Process("urn:fdc:peppol.eu:poacc:bis:order_only:3")))
    assert not takes(HEADER)


def test_a_wildcard_covers_what_its_star_covers() -> None:
    takes = served(["9915:b"], [f"{WILDCARD_SCHEME}::{ROOT}urn:peppol:pint:billing-1*::2.1"])
    assert takes(header(document_type=PINT, process=Process("urn:peppol:bis:billing")))
    assert not takes(HEADER)


def test_a_type_that_no_code_list_has_travels_in_any_process() -> None:
    own = DocumentType("urn:example::Thing##urn:example:own::1")
    assert served(["9915:b"], [str(own)])(header(document_type=own, process=Process("urn:example:process")))
