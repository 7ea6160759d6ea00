# SPDX-License-Identifier: Apache-2.0
"""Which rules, syntaxes and process a specification identifier (BT-24) asks for: ONE table.

EN 16931-1, 5.4.2 (BT-24) lets an invoice name the specification it obeys: the standard itself, a national or sector
usage of it (CIUS), or an extension. This table answers what that name means here: how it is called, which rule
packs judge it, in which syntaxes it exists, which Factur-X level it is inside a PDF, and what it requires of the
business process (BT-23). Identifiers that are known by name only have no packs of their own.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from msgspec import Struct

from einvoice.errors import UnknownNameError

BOTH: Final = ("ubl", "cii")
CII: Final = ("cii",)
UBL: Final = ("ubl",)
Level = Literal["minimum", "basicwl", "basic", "en16931", "extended", "xrechnung"]


class Process(Struct, frozen=True):
    """What a profile requires of the business process type (BT-23).

    Attributes:
        default: the value that is set where the invoice states none that fits.
        accepted: a regular expression for the values that may stay.
    """

    default: str
    accepted: str


class Profile(Struct, frozen=True, kw_only=True):
    """One specification that an invoice can claim to obey.

    Attributes:
        identifier: the specification identifier (BT-24).
        name: how people call it.
        key: what ``--profile`` takes; empty for a profile that invoices are not written for any more.
        packs: the rule packs that judge it, in the spelling of ``--rules``.
        cii_packs: packs that judge it in CII beside them.
        syntaxes: the syntaxes it exists in.
        facturx: the profile as which a Factur-X PDF announces it; ``None`` where there is none.
        process: what it requires of BT-23; ``None`` where it leaves that open.
        official: packs that only a publisher's artefact judges (``--engine official``).
        aliases: other spellings of the identifier that were in use.
    """

    identifier: str
    name: str
    key: str = ""
    packs: tuple[str, ...] = ()
    cii_packs: tuple[str, ...] = ()
    syntaxes: tuple[str, ...] = BOTH
    facturx: Level | None = None
    process: Process | None = None
    aliases: tuple[str, ...] = ()
    official: tuple[str, ...] = ()


_EN: Final = "urn:cen.eu:en16931:2017"
_COMPLIANT: Final = f"{_EN}#compliant#"
_CONFORMANT: Final = f"{_EN}#conformant#"
_KOSIT_OLD: Final = "urn:xoev-de:kosit:standard:xrechnung_"
_KOSIT: Final = "urn:xeinkauf.de:kosit:xrechnung_3.0"
_PEPPOL: Final = "urn:fdc:peppol.eu:2017:poacc"

_BILLING: Final = Process(f"{_PEPPOL}:billing:01:1.0", rf"{re.escape(_PEPPOL)}:billing:\d\d:1\.0")
_SELF_BILLING: Final = Process(f"{_PEPPOL}:selfbilling:01:1.0", rf"{re.escape(_PEPPOL)}:selfbilling:\d\d:1\.0")
_STATED: Final = Process(f"{_PEPPOL}:billing:01:1.0", r".*\S.*")
"""XRechnung wants a process to be stated (BT-23 is mandatory there) and leaves open which."""


def _xrechnung(version: str) -> tuple[Profile, Profile]:
    """The rows of an XRechnung before 3.0: the CIUS and its extension."""
    cius = f"{_COMPLIANT}{_KOSIT_OLD}{version}"
    extension = f"{cius}#conformant#urn:xoev-de:kosit:extension:xrechnung_{version}"
    packs = ("en16931", "xrechnung")
    return (
        Profile(identifier=cius, name=f"XRechnung {version}", packs=packs, facturx="xrechnung"),
        Profile(identifier=extension, name=f"XRechnung {version} extension", packs=packs, facturx="xrechnung"),
    )


PROFILES: Final[tuple[Profile, ...]] = (
    Profile(
        identifier=_EN,
        name="EN 16931",
        key="en16931",
        packs=("en16931",),
        cii_packs=("facturx:en16931",),
        facturx="en16931",
        aliases=(f"{_EN}:compliant:factur-x.eu:1p0:en16931", f"{_EN}#compliant#urn:factur-x.eu:1p0:en16931"),
    ),
    Profile(
        identifier=f"{_COMPLIANT}{_PEPPOL}:billing:3.0",
        name="Peppol BIS Billing 3",
        key="peppol",
        packs=("en16931", "peppol"),
        syntaxes=UBL,
        process=_BILLING,
    ),
    Profile(
        identifier=f"{_COMPLIANT}{_PEPPOL}:selfbilling:3.0",
        name="Peppol BIS Self-Billing 3",
        key="peppol-selfbilling",
        packs=("en16931", "peppol-selfbilling"),
        syntaxes=UBL,
        process=_SELF_BILLING,
    ),
    Profile(
        identifier=f"{_COMPLIANT}{_KOSIT}",
        name="XRechnung 3.0",
        key="xrechnung",
        packs=("en16931", "xrechnung"),
        facturx="xrechnung",
        process=_STATED,
    ),
    Profile(
        identifier=f"{_COMPLIANT}{_KOSIT}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0",
        name="XRechnung 3.0 extension",
        key="xrechnung-extension",
        packs=("en16931", "xrechnung"),
        facturx="xrechnung",
        process=_STATED,
    ),
    Profile(
        identifier=f"{_COMPLIANT}{_KOSIT}#compliant#urn:xeinkauf.de:kosit:xrechnung:cvd_0.9",
        name="XRechnung 3.0 for clean vehicles (CVD)",
        key="xrechnung-cvd",
        packs=("en16931", "xrechnung"),
        process=_STATED,
    ),
    *(row for version in ("2.3", "2.2", "2.1", "2.0", "1.2") for row in _xrechnung(version)),
    Profile(
        identifier="urn:factur-x.eu:1p0:minimum",
        name="Factur-X MINIMUM",
        key="facturx-minimum",
        packs=("facturx:minimum",),
        syntaxes=CII,
        facturx="minimum",
        aliases=("urn:zugferd.de:2p0:minimum",),
    ),
    Profile(
        identifier="urn:factur-x.eu:1p0:basicwl",
        name="Factur-X BASIC WL",
        key="facturx-basicwl",
        packs=("facturx:basicwl",),
        syntaxes=CII,
        facturx="basicwl",
        aliases=("urn:zugferd.de:2p0:basicwl",),
    ),
    Profile(
        identifier=f"{_COMPLIANT}urn:factur-x.eu:1p0:basic",
        name="Factur-X BASIC",
        key="facturx-basic",
        packs=("en16931", "facturx:basic"),
        syntaxes=CII,
        facturx="basic",
        aliases=(f"{_COMPLIANT}urn:zugferd.de:2p0:basic", f"{_EN}:compliant:factur-x.eu:1p0:basic"),
    ),
    Profile(
        identifier=f"{_CONFORMANT}urn:factur-x.eu:1p0:extended",
        name="Factur-X EXTENDED",
        key="facturx-extended",
        packs=("facturx:extended",),
        syntaxes=CII,
        facturx="extended",
        aliases=(
            f"{_CONFORMANT}urn:zugferd.de:2p0:extended",
            f"{_EN}:conformant:factur-x.eu:1p0:extended",
            f"{_EN}:compliant:factur-x.eu:1p0:extended",
        ),
    ),
    Profile(
        identifier=f"{_CONFORMANT}urn.cpro.gouv.fr:1p0:extended-ctc-fr",
        name="EXTENDED-CTC-FR",
        key="extended-ctc-fr",
        packs=("extended-ctc-fr", "br-fr"),
        facturx="extended",
        aliases=(f"{_CONFORMANT}urn:cpro.gouv.fr:1p0:extended-ctc-fr",),
    ),
    # Known by name: these have rules of their own, which einvoice does not carry; their artefacts judge them.
    Profile(
        identifier=f"{_COMPLIANT}urn:fdc:nen.nl:nlcius:v1.0",
        name="NLCIUS (SI-UBL 2.0)",
        packs=("en16931",),
        official=("nlcius",),
    ),
    Profile(
        identifier=f"{_COMPLIANT}urn:fdc:nen.nl:nlcius:v1.0#conformant#urn:fdc:nen.nl:gaccount:v1.0",
        name="NLCIUS with G-account",
        packs=("en16931",),
        syntaxes=UBL,
        official=("nlcius-gaccount",),
    ),
    Profile(
        identifier=f"{_COMPLIANT}urn:efactura.mfinante.ro:CIUS-RO:1.0.1",
        name="CIUS-RO (Romania)",
        packs=("en16931",),
        aliases=(f"{_COMPLIANT}urn:efactura.mfinante.ro:CIUS-RO:1.0.0",),
        official=("cius-ro",),
    ),
    Profile(
        identifier=f"{_COMPLIANT}urn:feap.gov.pt:CIUS-PT:2.1.2",
        name="CIUS-PT (Portugal)",
        packs=("en16931",),
        aliases=(f"{_COMPLIANT}urn:feap.gov.pt:CIUS-PT:2.1.1", f"{_COMPLIANT}urn:feap.gov.pt:CIUS-PT:1.0.0."),
        official=("cius-pt",),
    ),
    Profile(
        identifier=f"{_COMPLIANT}urn:mfin.gov.hr:cius-2025:1.0#conformant#urn:mfin.gov.hr:ext-2025:1.0",
        name="HR-CIUS with its extension (Croatia)",
        packs=("en16931",),
        syntaxes=UBL,
        official=("hr-cius",),
    ),
    Profile(
        identifier=f"{_CONFORMANT}urn:UBL.BE:1.0.0.20180214",
        name="UBL.BE (Belgium)",
        packs=("en16931",),
        syntaxes=UBL,
        aliases=(f"{_EN}#Conformant#urn:UBL.BE:1.0.0.20180214",),
        official=("ubl-be",),
    ),
    Profile(
        identifier=f"{_CONFORMANT}{_PEPPOL}:billing:international:aunz:3.0",
        name="Peppol BIS Billing 3 for Australia and New Zealand",
        syntaxes=UBL,
        official=("peppol-aunz",),
    ),
    Profile(
        identifier=f"{_CONFORMANT}{_PEPPOL}:billing:international:sg:3.0",
        name="Peppol BIS Billing 3 for Singapore",
        syntaxes=UBL,
        official=("peppol-sg",),
    ),
)

_FAMILIES: Final = (
    ("urn:peppol:pint:", "Peppol PINT"),
    ("urn:fdc:peppol:jp:", "Peppol for Japan"),
    ("urn:www.cenbii.eu:", "CEN BII (before EN 16931)"),
    ("urn:ferd:", "ZUGFeRD 1.0"),
)
"""Specifications that are no usage of EN 16931, by how their identifiers begin."""

_BY_IDENTIFIER: Final = {spelling: row for row in PROFILES for spelling in (row.identifier, *row.aliases)}
_BY_KEY: Final = {row.key: row for row in PROFILES if row.key} | {"facturx-en16931": PROFILES[0]}


def find(identifier: str | None) -> Profile | None:
    """The profile that a specification identifier names, or ``None``.

    Args:
        identifier: BT-24 as stated; white space around it does not count.
    """
    return _BY_IDENTIFIER.get((identifier or "").strip())


def named(key: str) -> Profile:
    """The profile of a name that ``--profile`` takes.

    Args:
        key: such as ``xrechnung`` or ``facturx-basic``.

    Raises:
        UnknownNameError: there is none of that name; the message lists those that exist.
    """
    try:
        return _BY_KEY[key.lower()]
    except KeyError:
        raise UnknownNameError(
            f"there is no profile {key!r}; known are {', '.join(keys())}", code="UNKNOWN_PROFILE"
        ) from None


def keys() -> tuple[str, ...]:
    """The names that ``--profile`` takes."""
    return tuple(_BY_KEY)


def name_of(identifier: str | None) -> str:
    """What to call a specification in a sentence; an unknown identifier stands for itself.

    Args:
        identifier: BT-24 as stated.
    """
    if not (identifier or "").strip():
        return "no specification (BT-24 is absent)"
    row = find(identifier)
    if row is not None:
        return row.name
    family = next((name for prefix, name in _FAMILIES if str(identifier).startswith(prefix)), None)
    return family or f"the specification {identifier!r}"


def packs_for(identifier: str | None, syntax: str | None) -> tuple[str, ...]:
    """The packs that judge an invoice of a specification, in the spelling of ``--rules``.

    Args:
        identifier: BT-24 as stated.
        syntax: ``ubl-invoice``, ``ubl-creditnote``, ``cii``, or ``None`` for an invoice that never was XML.

    Returns:
        The packs of the table; for an identifier without packs the standard alone, which is what every usage of
        EN 16931 has in common.
    """
    row = find(identifier)
    if row is None or not row.packs:
        return ("en16931",)
    return row.packs + (row.cii_packs if syntax == "cii" else ())


_PINT: Final = re.compile(
    r"urn:(?:fdc:)?peppol:pint:(?P<kind>billing|selfbilling|nontaxinvoice)-1(?:@(?P<land>[a-z]+)-\d+)?$"
)
"""Peppol PINT, section BT-24 of its jurisdictions: the process, and behind the sign the jurisdiction."""
_PINT_KINDS: Final = {"billing": "", "selfbilling": "-selfbilling", "nontaxinvoice": "-ntr"}


def official_packs_for(identifier: str | None) -> tuple[str, ...]:
    """The packs that only a publisher's artefact judges, for an invoice of a specification.

    Args:
        identifier: BT-24 as stated.
    """
    row = find(identifier)
    if row is not None:
        return row.official
    pint = _PINT.match((identifier or "").strip())
    if pint is None:
        return ()
    land = f"-{pint['land']}" if pint["land"] else ""
    return (f"pint{land}{_PINT_KINDS[pint['kind']]}",)


def french(seller_country: str | None, buyer_country: str | None) -> bool:
    """Whether the French rules (BR-FR) apply too: a French seller and a French or unknown buyer.

    Args:
        seller_country: BT-40.
        buyer_country: BT-55.
    """
    return seller_country == "FR" and buyer_country in (None, "", "FR")
