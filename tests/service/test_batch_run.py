# SPDX-License-Identifier: Apache-2.0
"""Very many invoices: resumable, no invoice stops another, no number is given twice, nothing half-written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from einvoice.errors import InputError, MappingError
from einvoice.service import batch_run, batch_state
from einvoice.service.batch_run import Batch, Summary, Wanted
from einvoice.service.batch_work import Delivered, Job, Portion
from einvoice.service.batch_work import work as real_work
from einvoice.service.status import Status
from tests.service.sample import interchange

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADER = "Nr;Datum;Kunde;Land;Artikel;Menge;Preis;Satz"
MAPPING = """
mapping = "batch-test/1"

[source]
encoding = "utf-8"
delimiter = ";"
decimal = "."
dates = "yyyy-mm-dd"

[invoice]
number = "Nr"
issue_date = "Datum"
type_code = { constant = "380" }
currency_code = { constant = "EUR" }
payment_terms = { constant = "sofort" }
process_control.specification_identifier = { constant = "urn:cen.eu:en16931:2017" }
buyer.name = "Kunde"
buyer.postal_address.country_code = "Land"

[lines]
identifier = { count = true }
item_information.name = "Artikel"
invoiced_quantity = "Menge"
invoiced_quantity_unit_of_measure_code = { constant = "C62" }
price_details.item_net_price = "Preis"
vat = { rate = "Satz" }

[[vat]]
when = { rate = 19 }
category = "S"
"""
SELLER = """
[seller]
name = "Muster GmbH"
vat_identifier = "DE123456788"
postal_address.country_code = "DE"
"""


def rows(numbers: Iterable[int], *, land: str = "DE", price: str = "10.00") -> str:
    """Two rows for each invoice."""
    line = "{0};2026-01-20;Kunde {0};{1};Ware {2};2;{3};19"
    return "".join(line.format(f"R-{n:03}", land, part, price) + "\n" for n in numbers for part in (1, 2))


class Room:
    """A folder with a mapping, exports and results."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "out"
        (folder / "map.toml").write_text(MAPPING, encoding="utf-8")
        (folder / "seller.toml").write_text(SELLER, encoding="utf-8")

    def export(self, name: str, body: str) -> str:
        path = self.folder / name
        path.write_text(f"{HEADER}\n{body}", encoding="utf-8")
        return str(path)

    def wanted(self, **options: Any) -> Wanted:  # noqa: ANN401 - fields of Wanted
        given = {"mapping": str(self.folder / "map.toml"), "seller": str(self.folder / "seller.toml"), "to": "ubl"}
        return Wanted(**{**given, **options})

    def run(self, *sources: str, **options: Any) -> Summary:  # noqa: ANN401 - fields of Wanted
        batch = Batch(sources, str(self.out), self.wanted(**options))
        for _ in batch.run():
            pass
        return batch.summary

    def results(self) -> list[str]:
        return sorted(path.name for path in self.out.glob("*.xml"))

    def lines(self) -> list[dict[str, Any]]:
        text = (self.out / "results.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_every_invoice_becomes_a_file_and_a_line_and_a_second_run_leaves_them_alone(room: Room) -> None:
    source = room.export("a.csv", rows(range(40)))
    first = room.run(source, processes=2)
    assert (first.done, first.refused, first.statuses) == (40, 0, {Status.DONE})
    assert room.results() == [f"R-{n:03}.ubl.xml" for n in range(40)]
    lines = room.lines()
    assert [line["document"] for line in lines if "document" in line] == list(range(1, 41))
    assert {line["status"] for line in lines if "document" in line} == {"done"}
    before = {path: path.stat().st_mtime_ns for path in room.out.glob("*.xml")}
    second = room.run(source)
    assert (second.done, second.before) == (0, 40)
    assert before == {path: path.stat().st_mtime_ns for path in room.out.glob("*.xml")}
    assert room.lines() == lines


def test_refusals_are_clustered_by_their_cause_and_kept_and_told_again(room: Room) -> None:
    body = rows(range(3)) + rows(range(3, 8), land="") + rows(range(8, 10), price="x")
    source = room.export("a.csv", body)
    summary = room.run(source)
    assert (summary.done, summary.refused) == (3, 7)
    (first, second) = summary.clusters
    assert (first.count, first.cause.code, first.cause.term, first.cause.place) == (
        5,
        "MISSING",
        "BT-55",
        "column 'Land'",
    )
    assert (second.count, second.cause.code, second.cause.place) == (2, "NUMBER", "column 'Preis'")
    (kept,) = (room.out / "quarantine").iterdir()
    assert kept.read_bytes() == Path(source).read_bytes()
    again = room.run(source)
    assert (again.before, again.refused, again.clusters) == (3, 7, summary.clusters)


def test_the_same_invoice_twice_is_done_once_and_another_one_of_its_number_names_both(room: Room) -> None:
    first, second = room.export("a.csv", rows([1, 2])), room.export("b.csv", rows([2]) + rows([1], price="11.00"))
    summary = room.run(first, second)
    assert (summary.done, summary.same, summary.refused) == (2, 1, 1)
    (refused,) = [line for line in room.lines() if line.get("status") == "duplicate"]
    assert refused["code"] == "DUPLICATE_NUMBER"
    assert "b.csv, rows 4 to 5" in refused["message"]
    assert "a.csv, rows 2 to 3" in refused["message"]
    assert "11.00" not in (room.out / "R-001.ubl.xml").read_text(encoding="utf-8")


def test_an_earlier_run_counts_and_force_replaces(room: Room) -> None:
    room.run(room.export("a.csv", rows([1])))
    changed = room.export("b.csv", rows([1], price="12.00"))
    assert room.run(changed).refused == 1
    room.export("b.csv", rows([1], price="12.00") + rows([9]))
    assert room.run(changed, force=True).done == 2
    assert "12.00" in (room.out / "R-001.ubl.xml").read_text(encoding="utf-8")


def test_another_mapping_makes_the_same_source_anew(room: Room) -> None:
    source = room.export("a.csv", rows([1]))
    room.run(source)
    mapping = room.folder / "map.toml"
    mapping.write_text(mapping.read_text().replace('"sofort"', '"14 Tage"'), encoding="utf-8")
    assert room.run(source).done == 1
    assert "14 Tage" in (room.out / "R-001.ubl.xml").read_text(encoding="utf-8")


def test_a_result_that_was_removed_or_cut_off_is_made_again(room: Room) -> None:
    source = room.export("a.csv", rows(range(3)))
    room.run(source)
    (room.out / "R-000.ubl.xml").unlink()
    (room.out / "R-001.ubl.xml").write_text("<In", encoding="utf-8")
    summary = room.run(source)
    assert (summary.done, summary.before) == (2, 1)
    assert len((room.out / "R-001.ubl.xml").read_text(encoding="utf-8")) > 1000


def test_a_record_that_was_cut_off_in_a_line_goes_on_behind_the_last_whole_one(room: Room) -> None:
    source = room.export("a.csv", rows(range(3)))
    room.run(source)
    record = room.out / "results.jsonl"
    record.write_bytes(record.read_bytes()[:-400])
    summary = room.run(source)
    assert summary.done + summary.before == 3
    assert all(line["status"] == "done" for line in room.lines() if "document" in line)


def test_a_record_of_something_else_is_refused(room: Room) -> None:
    room.out.mkdir()
    (room.out / "results.jsonl").write_text('{"document": "x"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="line 1 is not as einvoice batch writes it"):
        room.run(room.export("a.csv", rows([1])))


def test_a_file_of_somebody_else_is_not_overwritten(room: Room) -> None:
    room.out.mkdir()
    (room.out / "R-001.ubl.xml").write_text("mine", encoding="utf-8")
    summary = room.run(room.export("a.csv", rows([1, 2])))
    assert (summary.done, summary.refused) == (1, 1)
    assert (room.out / "R-001.ubl.xml").read_text(encoding="utf-8") == "mine"


def test_one_bad_source_does_not_stop_the_rest(room: Room) -> None:
    broken = room.folder / "broken.csv"
    broken.write_bytes(b'Nr;Datum\n"x;1\n')
    summary = room.run(str(broken), room.export("a.csv", rows([1])), str(room.folder / "missing.csv"))
    assert (summary.done, summary.refused) == (1, 2)
    assert Status.UNREADABLE in summary.statuses
    assert [path.suffix for path in (room.out / "quarantine").iterdir()] == [".csv"]


def test_invoices_of_sellers_that_share_a_number_get_names_of_their_own(room: Room) -> None:
    room.run(room.export("a.csv", rows([1])))
    other = room.folder / "other.toml"
    other.write_text(SELLER.replace("DE123456788", "DE987654324"), encoding="utf-8")
    assert room.run(room.export("b.csv", rows([1])), seller=str(other)).done == 1
    assert len(room.results()) == 2


def test_without_a_mapping_the_sources_are_invoices(room: Room) -> None:
    room.run(room.export("a.csv", rows(range(3))))
    sources = [str(room.out / name) for name in room.results()]
    batch = Batch(
        [*sources, room.export("c.csv", "")], str(room.folder / "cii"), Wanted(mapping=None, seller=None, to="cii")
    )
    for _ in batch.run():
        pass
    assert (batch.summary.done, batch.summary.refused) == (3, 1)
    assert sorted(path.name for path in (room.folder / "cii").glob("*.xml")) == [f"R-{n:03}.cii.xml" for n in range(3)]


def test_a_mapping_that_cannot_be_used_is_told_before_anything_is_done(room: Room) -> None:
    with pytest.raises(MappingError):
        room.run(room.export("a.csv", rows([1])), mapping=str(room.folder / "seller.toml"))
    assert not room.out.exists()


def deadly(portions: tuple[Portion, ...], job: Job) -> tuple[Delivered, ...]:
    """Do the work, but end the process where invoice 5 is in it."""
    if any(one.start <= 5 < one.stop for one in portions):
        os._exit(9)
    return real_work(portions, job)


def test_an_invoice_that_takes_its_process_down_is_refused_alone(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_run, "work", deadly)
    monkeypatch.setattr(batch_state, "CHUNK", 8)
    source = room.export("a.csv", rows(range(8)))
    summary = room.run(source)
    assert (summary.done, summary.refused) == (7, 1)
    (lost,) = [line for line in room.lines() if line.get("code") == "LOST"]
    assert lost["document"] == 6
    assert "status 9" in lost["message"]
    monkeypatch.setattr(batch_run, "work", real_work)
    again = room.run(source)
    assert (again.done, again.before, again.refused) == (1, 7, 0)


def test_a_message_that_takes_its_process_down_is_refused_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_run, "work", deadly)
    source, out = tmp_path / "many.edi", tmp_path / "out"
    source.write_bytes(interchange(*[f"E-{count:02}" for count in range(40)]))
    batch = Batch([str(source)], str(out), Wanted(mapping=None, seller=None, to="ubl"))
    list(batch.run())
    assert (batch.summary.done, batch.summary.refused) == (39, 1)


def test_a_run_that_is_killed_loses_nothing_and_leaves_nothing_half_written(room: Room) -> None:
    """The process and its workers are killed once some results are there; a second run completes them."""
    source = room.export("a.csv", rows(range(300)))
    out, folder = room.out, room.folder
    command = [
        sys.executable,
        "-c",
        "from einvoice.cli import main; main()",
        "batch",
        source,
        "--map",
        str(folder / "map.toml"),
        "--seller",
    ]
    command += [str(folder / "seller.toml"), "--to", "ubl", "-o", str(out), "-j", "2"]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None and not any(out.glob("*.xml")):
        time.sleep(0.01)
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    there = list(out.glob("*.xml"))
    assert there
    assert all(path.read_bytes().rstrip().endswith(b"</Invoice>") for path in there)
    summary = room.run(source, processes=2)
    assert summary.done + summary.before == 300
    assert summary.refused == summary.same == 0
    assert len(room.results()) == 300
    assert not (out / ".parts").exists()


def test_an_interchange_of_many_messages_is_many_invoices_and_is_gone_on_with(tmp_path: Path) -> None:
    numbers = [f"E-{count:02}" for count in range(40)]
    source, out = tmp_path / "many.edi", tmp_path / "out"
    source.write_bytes(interchange(*numbers, other=33))

    def gone() -> Summary:
        batch = Batch([str(source)], str(out), Wanted(mapping=None, seller=None, to="ubl"))
        list(batch.run())
        return batch.summary

    first = gone()
    assert (first.done, first.refused, first.before) == (40, 1, 0)
    assert sorted(path.name for path in out.glob("*.xml")) == [f"{number}.ubl.xml" for number in numbers]
    lines = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    refused = next(line for line in lines if line.get("status") == "refused")
    assert (refused["document"], refused["where"], refused["code"]) == (34, "invoice 34 of 41", "EDIFACT_MESSAGE")
    (out / "E-39.ubl.xml").unlink()
    second = gone()
    assert (second.done, second.refused, second.before) == (1, 1, 39)
