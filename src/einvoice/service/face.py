# SPDX-License-Identifier: Apache-2.0
"""What ``from einvoice import ...`` offers: the use cases as functions over bytes, paths and invoices."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from einvoice import profiles
from einvoice.errors import UnknownNameError
from einvoice.service.convert import TARGETS, Conversion, Wish, handed_over
from einvoice.service.convert import convert as convert_intake
from einvoice.service.given import day_of, paths_of, taken, text_of, typed
from einvoice.service.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from os import PathLike

    from einvoice.model import Invoice, Reading
    from einvoice.rules.explain import Explanation
    from einvoice.rules.findings import Report
    from einvoice.service.bench import EngineName
    from einvoice.service.convert import Target
    from einvoice.service.fix import Fixed
    from einvoice.service.given import Source
    from einvoice.service.intake import Intake


def read(source: Source) -> Reading:
    """Read an invoice: UBL 2.1, CII, EDIFACT (INVOIC D.14B), the project's JSON, or a PDF with an invoice inside.

    Args:
        source: bytes, a path, or an open binary file.

    Returns:
        The invoice, the syntax and specification it states, and a remark for each value that has no place in it.

    Raises:
        InputError: the source cannot be read, or holds no invoice that einvoice knows.
    """
    return taken(source, Settings.from_environment()).reading


def write(invoice: Invoice, to: Target, *, profile: str | None = None) -> bytes:
    """Write an invoice as it stands; nothing is computed.

    A value that the format cannot carry is warned of (``UserWarning``); :func:`convert` lists such values.

    Args:
        invoice: the invoice.
        to: ``ubl``, ``cii``, ``json``, or ``facturx`` for a PDF with the invoice inside (extra ``pdf``).
        profile: the specification that it shall claim, such as ``xrechnung``, and that it is then checked by;
            ``None`` to keep what it claims, unchecked.

    Raises:
        UnknownNameError: there is no such format or profile.
        ProfileError: the profile does not exist in that format, or the result would not be valid by it.
        OutputError: the official schema would refuse the result.
    """
    written = _finished(typed(invoice), to, profile)
    if written.losses:
        first = written.losses[0]
        warnings.warn(
            f"{len(written.losses)} values have no place in {to}, such as {first.path} = {first.value!r};"
            " convert() lists them all",
            stacklevel=2,
        )
    return written.output


def convert(source: Source | Invoice, to: Target, *, profile: str | None = None, lossless: bool = False) -> Conversion:
    """Convert an invoice, and say what could not be carried over and what had to be added.

    Args:
        source: bytes, a path, an open binary file, or an invoice.
        to: ``ubl``, ``cii``, ``json``, or ``facturx`` for a PDF with the invoice inside (extra ``pdf``).
        profile: the specification that the result shall claim; it is then checked by that.
        lossless: whether a loss is an error.

    Raises:
        InputError: the source cannot be read, or holds no invoice that einvoice knows.
        UnknownNameError: there is no such format or profile.
        LossError: values would be lost, and ``lossless`` was asked for.
        ProfileError: the profile does not exist in that format, or the result would not be valid by it.
        OutputError: the official schema would refuse the result.
    """
    return _finished(source, to, profile, lossless=lossless)


def validate(
    source: Source | Invoice,
    *,
    packs: str | Sequence[str] | None = None,
    as_of: date | None = None,
    engine: EngineName = "native",
    artefacts: str | PathLike[str] | Sequence[str | PathLike[str]] = (),
) -> Report:
    """Check an invoice against the official schema and the rules of what it claims to obey.

    Args:
        source: bytes, a path, an open binary file, or an invoice.
        packs: the rule packs that judge, as ``einvoice validate --rules`` takes them; ``None`` to let the
            specification identifier (BT-24) choose.
        as_of: the day whose rules count; today if ``None``. Of a moment, its date.
        engine: ``native``, the rules of this package; ``official``, the publishers' own compiled Schematron (extra
            ``official``); ``both``, which tells every disagreement as a defect of einvoice.
        artefacts: compiled Schematron for the latter two: an XSLT file, a folder, a ZIP or JAR, or several of them.

    Returns:
        The verdict, the findings with their places, what could not be judged, and what each pack says.

    Raises:
        InputError: the source or an artefact cannot be read, or the source holds no invoice that einvoice knows.
        UnknownNameError: there is no such pack or engine.
        MissingExtraError: SaxonC is needed and not installed.
    """
    from einvoice.service.bench import bench
    from einvoice.service.engines import judged
    from einvoice.service.evidence import pinned
    from einvoice.service.packs import AUTO

    asked = bench(engine, AUTO if packs is None else packs, paths_of(artefacts, "artefacts"))
    settings = Settings.from_environment()
    intake = taken(source, settings)
    report, _ = judged(intake, asked, settings, as_of=day_of(as_of))
    if intake.kind == "pdf":
        report = _with_container(report, intake, settings, decides=not asked.packs)
    return pinned(report, intake.places)[0]


def fix(
    source: Source, *, packs: str | Sequence[str] | None = None, as_of: date | None = None, language: str = "en"
) -> Fixed:
    """Repair what can be repaired without knowing the business, each repair shown and proven by judging the result.

    Args:
        source: bytes, a path, or an open binary file: an invoice in UBL, CII or JSON.
        packs: the rule packs that judge, as for :func:`validate`.
        as_of: the day whose rules count; today if ``None``.
        language: that of its sentences and of the reports: ``en``, ``de`` or ``fr``.

    Returns:
        The output, in which everything else is as it was, to the byte; each repair with what stood there before and
        the rules it cures; what was tried and taken back; what was left alone; the reports before and after.

    Raises:
        InputError: the source cannot be read, holds no invoice that einvoice knows, or is a PDF.
        UnknownNameError: there is no such pack or language.
    """
    from einvoice.rules.catalogue import catalogue
    from einvoice.service.drafts import Judges
    from einvoice.service.fix import repair
    from einvoice.service.packs import AUTO, parse

    catalogue(language)  # refuses a language that there is not, before anything is done
    settings = Settings.from_environment()
    judges = Judges(parse(AUTO if packs is None else packs), day_of(as_of), settings)
    return repair(taken(source, settings), judges).in_language(language)


def explain(rule_or_term: str, *, language: str = "en") -> Explanation:
    """Say what a business term, a group or a rule means.

    Args:
        rule_or_term: such as ``BT-112``, ``BG-23`` or ``BR-CO-15``.
        language: that of its sentences: ``en``, ``de`` or ``fr``.

    Raises:
        UnknownNameError: there is none of that name, and the message says what was probably meant; or no such language.
        InputError: it is no text (``WRONG_TYPE``).
    """
    from einvoice.rules.explain import explain as explain_name
    from einvoice.rules.languages import explained_in

    return explained_in(explain_name(text_of(rule_or_term, "the name of a rule or term")), language)


def _with_container(report: Report, intake: Intake, settings: Settings, *, decides: bool) -> Report:
    from einvoice.service.container import Wanted, with_container

    return with_container(report, intake, Wanted(decides=decides, page=False, settings=settings))


def _finished(source: Source | Invoice, to: Target, profile: str | None, *, lossless: bool = False) -> Conversion:
    if to not in TARGETS:
        raise UnknownNameError(f"there is no format {to!r}; there are {', '.join(TARGETS)}", code="UNKNOWN_FORMAT")
    claimed = profiles.named(profile) if profile is not None else None
    settings = Settings.from_environment()
    wish = Wish(to=to, profile=claimed, lossless=lossless, settings=settings)
    return handed_over(convert_intake(taken(source, settings), wish))
