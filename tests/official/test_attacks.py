# SPDX-License-Identifier: Apache-2.0
"""A stylesheet that means harm reads nothing, writes nothing, calls nothing, and does not stay for ever."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from einvoice.bind import open_document
from einvoice.errors import XmlError
from einvoice.official import engine as engine_module
from einvoice.official import worker
from einvoice.official.engine import Engine
from einvoice.official.judge import judge
from einvoice.official.library import Artefact
from einvoice.official.recognise import Identity
from tests.official.making import HEAD, document, sheet, xslt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "the-secret-of-the-house"  # noqa: S105 - what an attack is after
READS = {
    "document": "<xsl:copy-of select=\"document('{uri}')\"/>",
    "document, relative": "<xsl:copy-of select=\"document('{path}')\"/>",
    "doc": "<xsl:copy-of select=\"doc('{uri}')\"/>",
    "doc-available": "<xsl:if test=\"doc-available('{uri}')\">{secret}</xsl:if>",
    "unparsed-text": "<xsl:value-of select=\"unparsed-text('{uri}')\"/>",
    "unparsed-text-lines": "<xsl:value-of select=\"unparsed-text-lines('{uri}')\"/>",
    "unparsed-text-available": "<xsl:if test=\"unparsed-text-available('{uri}')\">{secret}</xsl:if>",
    "collection": "<xsl:copy-of select=\"collection('{folder}?select=*.xml')\"/>",
    "uri-collection": "<xsl:if test=\"exists(uri-collection('{folder}'))\">{secret}</xsl:if>",
    "source-document": '<xsl:source-document href="{uri}"><xsl:copy-of select="."/></xsl:source-document>',
    "evaluate": "<xsl:evaluate xpath=\"'unparsed-text(&quot;{uri}&quot;)'\"/>",
    "transform": (
        "<xsl:copy-of select=\"transform(map{{'stylesheet-location':'{folder}/reader.xsl','source-node':/}})?output\"/>"
    ),
    "parse-xml with an entity": (
        "<xsl:copy-of select=\"parse-xml('&lt;!DOCTYPE a [&lt;!ENTITY x SYSTEM &quot;{uri}&quot;>]>"
        "&lt;a>&amp;x;&lt;/a>')\"/>"
    ),
    "environment-variable": "<xsl:value-of select=\"environment-variable('EINVOICE_TEST_SECRET')\"/>",
}
CALLS = {
    "a Java class": "<xsl:value-of select=\"system:getProperty('user.home')\"/>",
    "a Java runtime": '<xsl:value-of select="rt:getRuntime()"/>',
    "http": "<xsl:copy-of select=\"document('http://127.0.0.1:9/')\"/>",
    "a jar": "<xsl:value-of select=\"unparsed-text('jar:file:///a.jar!/b')\"/>",
    "the class path": "<xsl:value-of select=\"unparsed-text('classpath:META-INF/MANIFEST.MF')\"/>",
    "a data URI": "<xsl:value-of select=\"unparsed-text('data:text/plain,x')\"/>",
    "a stream": "<xsl:value-of select=\"json-doc('file:///dev/stdin')\"/>",
}
UNLOCKED = """\
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from einvoice.official import worker
worker._LOCKS.clear()
worker._limit = lambda name, value: None
worker.main(int(sys.argv[2]))
"""


def lay(folder: Path, template: str) -> bytes:
    """The attack, aimed at a file with a secret."""
    target = folder / "secret.xml"
    target.write_text(f"<secret>{SECRET}</secret>", encoding="utf-8")
    reader = f"{HEAD}<xsl:template match='/'><x><xsl:value-of select=\"unparsed-text('{target.as_uri()}')\"/></x>"
    (folder / "reader.xsl").write_text(f"{reader}</xsl:template></xsl:stylesheet>", encoding="utf-8")
    body = template.format(uri=target.as_uri(), path=target.as_posix(), folder=folder.as_uri(), secret=SECRET)
    return xslt(body)


def ran(engine: Engine, data: bytes) -> worker.Done:
    return engine.run(sheet(data), "<a/>")


@pytest.mark.parametrize("name", READS)
def test_nothing_is_read(name: str, saxon: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINVOICE_TEST_SECRET", SECRET)
    done = ran(saxon, lay(tmp_path, READS[name]))
    assert SECRET not in f"{done.report}{done.error}"


@pytest.fixture(scope="module")
def unlocked() -> Iterator[Engine]:
    """SaxonC as it comes: what the locks are measured by."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_module, "_START", UNLOCKED)
        engine = Engine()
        ran(engine, xslt())
    yield engine
    engine.close()


@pytest.mark.parametrize("name", sorted(READS.keys() - {"environment-variable"}))
def test_without_the_locks_it_would_be_read(name: str, unlocked: Engine, tmp_path: Path) -> None:
    done = ran(unlocked, lay(tmp_path, READS[name]))
    assert SECRET in str(done.report)


@pytest.mark.parametrize("name", CALLS)
def test_nothing_is_called(name: str, saxon: Engine) -> None:
    done = ran(saxon, xslt(CALLS[name]))
    assert done.report is None
    assert "prohibited" in done.error or "Cannot find" in done.error


@pytest.mark.parametrize("kind", ["include", "import"])
def test_nothing_is_included(kind: str, saxon: Engine, tmp_path: Path) -> None:
    lay(tmp_path, "")
    done = ran(saxon, xslt(top=f'<xsl:{kind} href="{(tmp_path / "reader.xsl").as_uri()}"/>'))
    assert done.report is None
    assert "prohibited" in done.error


def test_nothing_is_written(saxon: Engine, tmp_path: Path) -> None:
    target = tmp_path / "written.xml"
    attack = xslt(f'<xsl:result-document href="{target.as_uri()}"><x/></xsl:result-document>')
    assert "result-document is disabled" in ran(saxon, attack).error
    assert not target.exists()


def test_without_the_locks_it_would_be_written(unlocked: Engine, tmp_path: Path) -> None:
    target = tmp_path / "written.xml"
    ran(unlocked, xslt(f'<xsl:result-document href="{target.as_uri()}"><x/></xsl:result-document>'))
    assert target.exists()


def test_the_process_itself_may_write_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should a lock of SaxonC ever give way, the operating system still refuses."""
    start = engine_module._START.replace(
        "from einvoice", "from einvoice.official import worker\nworker._LOCKS.clear()\nfrom einvoice"
    )
    monkeypatch.setattr(engine_module, "_START", start)
    engine = Engine()
    target = tmp_path / "written.xml"
    ran(engine, xslt(f'<xsl:result-document href="{target.as_uri()}"><x/></xsl:result-document>'))
    engine.close()
    assert not target.exists() or not target.stat().st_size


def test_an_endless_loop_ends_at_the_deadline_and_the_next_document_is_judged() -> None:
    engine = Engine(deadline=2)
    try:
        loop = '<xsl:value-of select="sum((1 to 1000000000) ! sum((1 to .)))"/>'
        done = ran(engine, xslt(loop))
        assert done.report is None
        assert "took longer than 2 seconds" in done.error
        assert "EINVOICE_OFFICIAL_DEADLINE" in done.error
        engine.deadline = 60
        assert "schematron-output" in str(ran(engine, xslt()).report)
    finally:
        engine.close()


def test_what_calls_itself_for_ever_is_given_up_and_the_process_lives(saxon: Engine) -> None:
    done = ran(
        saxon,
        xslt(
            '<xsl:call-template name="r"/>', top='<xsl:template name="r"><xsl:call-template name="r"/>x</xsl:template>'
        ),
    )
    assert done.report is None
    assert "looping" in done.error


def test_what_needs_too_much_memory_ends_alone() -> None:
    engine = Engine(deadline=120, memory=300)
    try:
        all_of_them = "(1 to 40000000) ! string(.)"
        greedy = f'<xsl:variable name="a" select="{all_of_them}"/><xsl:value-of select="count($a), $a[last()]"/>'
        done = ran(engine, xslt(greedy))
        assert done.report is None
        assert "EINVOICE_OFFICIAL_MEMORY" in done.error
        assert "schematron-output" in str(ran(engine, xslt()).report)
    finally:
        engine.close()


def test_a_report_that_is_too_long_is_not_passed_on(saxon: Engine) -> None:
    many = worker.REPORT_CHARACTERS // 1_000 + 10
    joined = "string-join((1 to 1000) ! 'x')"
    long = f'<xsl:variable name="x" select="{joined}"/><xsl:value-of select="string-join((1 to {many}) ! $x)"/>'
    done = ran(saxon, xslt(long))
    assert done.report is None
    assert "longer than the 50,000,000 characters" in done.error


def test_entities_of_a_stylesheet_are_never_declared(saxon: Engine) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + xslt("&b;")
    artefact = Artefact(Identity(pack="ours", version="1", syntax=""), [sheet(bomb)])
    result, found = judge(artefact, document(), saxon)
    assert (result.verdict, found) == ("undetermined", ())
    assert "document type" in result.open


def test_entities_of_a_document_never_reach_it() -> None:
    with pytest.raises(XmlError) as caught:
        open_document(b'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]><Invoice>&x;</Invoice>')
    assert caught.value.code == "XML_DOCTYPE"


def test_threads_have_a_process_each(saxon: Engine) -> None:
    found: list[worker.Done] = []
    threads = [threading.Thread(target=lambda: found.append(ran(saxon, xslt()))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ["schematron-output" in str(done.report) for done in found] == [True] * 3


def test_a_process_ends_with_the_one_that_started_it() -> None:
    engine = Engine()
    ran(engine, xslt())
    (started,) = engine._idle
    assert started.process.stdin is not None
    started.process.stdin.close()
    assert started.process.wait(timeout=60) == 0
    engine.close()
