# SPDX-License-Identifier: Apache-2.0
"""How many invoices of CSV exports ``einvoice batch`` makes a second: read, mapped, calculated, judged, written.

Budgets, with ten exports of 1,000 invoices of 10 lines on two cores: 600 invoices a second; reading and mapping at most
a quarter of the work; a worker that has done ten times as many invoices takes at most a quarter more memory.

On a machine that is busy with other things the wall clock says little. The time that the processors worked says what
the same run takes where they are free, and is printed beside it. ``bench_batch.py 2000`` measures fewer invoices.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from einvoice.importers import import_file, load_mapping, load_seller
from einvoice.service.batch_run import Batch, Wanted

INVOICES, LINES, PROCESSES, EXPORTS = 10_000, 10, 2, 10
BUDGET_RATE, BUDGET_SHARE, BUDGET_GROWTH = 600, 0.25, 1.25
HEADER = (
    "Nr;Datum;Faellig;Waehrung;Kunde;Strasse;PLZ;Ort;Land;UStId;Mail;Bestellung;Pos;Artikel;Bezeichnung;Menge;ME;Preis;"
    "Betrag;Satz"
)
MAPPING = b"""
mapping = "bench/1"
[source]
delimiter = ";"
[invoice]
number = "Nr"
type_code = { constant = "380" }
issue_date = "Datum"
payment_due_date = "Faellig"
currency_code = "Waehrung"
purchase_order_reference = "Bestellung"
buyer.name = "Kunde"
buyer.vat_identifier = "UStId"
buyer.electronic_address = { from = "Mail", scheme = "EM" }
buyer.postal_address.address_line_1 = "Strasse"
buyer.postal_address.post_code = "PLZ"
buyer.postal_address.city = "Ort"
buyer.postal_address.country_code = "Land"
[lines]
identifier = "Pos"
item_information.sellers_identifier = "Artikel"
item_information.name = "Bezeichnung"
invoiced_quantity = "Menge"
invoiced_quantity_unit_of_measure_code = "ME"
price_details.item_net_price = "Preis"
net_amount = "Betrag"
vat = { rate = "Satz" }
[[vat]]
when = { rate = [19, 7] }
category = "S"
"""
SELLER = b"""
process_control.specification_identifier = "urn:cen.eu:en16931:2017"
[seller]
name = "Muster GmbH"
vat_identifier = "DE123456788"
electronic_address = { value = "rechnung@muster.example", scheme = "EM" }
[seller.postal_address]
address_line_1 = "Musterstr. 1"
post_code = "10115"
city = "Berlin"
country_code = "DE"
[[payment_instructions.means]]
type_code = "58"
credit_transfers = [{ payment_account_identifier = "DE02120300000000202051" }]
"""


def export(invoices: int, first: int = 0) -> bytes:
    """An export of so many invoices."""
    lines = [HEADER]
    for number in range(first, first + invoices):
        head = (
            f"R-{number:06};2026-01-{number % 28 + 1:02};2026-03-01;EUR;Kunde {number} GmbH;Weg {number};10115;Berlin"
        )
        head += f";DE;DE{number:09};kunde{number}@kunde.example;PO-{number}"
        for line in range(1, LINES + 1):
            amount = f"{line * 2 * (number % 100 + 1)}.50"
            price = f"{line * 2 * (number % 100 + 1) + 0.5:.2f}"
            lines.append(f"{head};{line};A-{line};Ware {line};1;C62;{price};{amount};{19 if line % 3 else 7}")
    return ("\n".join(lines) + "\n").encode()


def run(folder: Path, exports: int, invoices: int) -> tuple[float, float, int]:
    """Convert some exports: seconds, processor seconds, and the memory of the largest worker so far in kilobytes."""
    room = folder / str(exports)
    room.mkdir()
    sources = []
    for number in range(exports):
        sources.append(str(room / f"export-{number}.csv"))
        Path(sources[-1]).write_bytes(export(invoices, number * invoices))
    (room / "mapping.toml").write_bytes(MAPPING)
    (room / "seller.toml").write_bytes(SELLER)
    wanted = Wanted(mapping=str(room / "mapping.toml"), seller=str(room / "seller.toml"), to="ubl", processes=PROCESSES)
    before, begin = _processor(), time.perf_counter()
    batch = Batch(sources, str(room / "out"), wanted)
    for _ in batch.run():
        pass
    took, used = time.perf_counter() - begin, _processor() - before
    if batch.summary.done != exports * invoices:
        raise SystemExit(f"{batch.summary.done} of {exports * invoices} invoices were made: {batch.summary.clusters}")
    return took, used, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def _processor() -> float:
    """The seconds that processors worked for this process and its children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def mapped(invoices: int) -> float:
    """Processor seconds an invoice for reading and mapping alone."""
    data, mapping, seller = export(invoices), load_mapping(MAPPING, name="m"), load_seller(SELLER, name="s")
    begin = time.process_time()
    for _ in import_file(data, mapping, seller, name="export.csv"):
        pass
    return (time.process_time() - begin) / invoices


def main() -> int:
    """Measure, print, and answer 1 if a budget is missed."""
    invoices = int(sys.argv[1]) if len(sys.argv) > 1 else INVOICES
    with tempfile.TemporaryDirectory() as folder:
        _, _, small = run(Path(folder), 1, invoices // EXPORTS)
        took, used, large = run(Path(folder), EXPORTS, invoices // EXPORTS)
    rate, possible = invoices / took, PROCESSES * invoices / used
    share = mapped(invoices // EXPORTS) * invoices / used
    print(f"batch: {rate:.0f} invoices/s by the clock, {possible:.0f}/s by processor time (budget {BUDGET_RATE})")
    print(f"batch: reading and mapping {share:.0%} of the work (budget {BUDGET_SHARE:.0%})")
    print(f"batch: {large // 1024} MB at most for {invoices}, {small // 1024} MB for a tenth of it")
    return 0 if rate >= BUDGET_RATE and share <= BUDGET_SHARE and large <= small * BUDGET_GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
