"""The page: self-contained, escaped, the same for the same graph, and true to what was found."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import tempfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from runner.authoring.graph.drawing import shortened, svg
from runner.authoring.graph.model import State, merged, of, size
from runner.authoring.graph.page import page
from runner.catalog.estate import Address, Evidence, Kind, Place
from tests.unit.authoring.sample import edge, estate, large, table, view

NASTY = "</script><script>alert(1)</script><!--\"'&\u2028\x01\x1b"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.within: list[str] = []
        self.data = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "action", "xlink:href")]
        self.within.append(dict(attrs).get("id") or tag)

    def handle_data(self, data):
        if self.within and self.within[-1] == "data":
            self.data += data


def read(html):
    reader = _Reader()
    reader.feed(html)
    return reader


def document(html):
    return json.loads(read(html).data)


def test_it_asks_the_network_for_nothing():
    html = page(of(large(40)))
    assert read(html).links == []
    assert set(re.findall(r"https?://[^\"\s]+", html)) <= {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in html
    assert not re.search(r"@import|url\((?!#)|\bfetch\(|XMLHttpRequest|WebSocket", html)


def test_the_same_objects_in_any_order_give_the_same_bytes():
    one = large(60)
    objects, edges = list(one.objects), list(one.edges)
    random.Random(3).shuffle(objects)
    random.Random(4).shuffle(edges)
    assert page(of(one)) == page(of(replace(one, objects=tuple(objects), edges=tuple(edges))))


@pytest.mark.parametrize("name", [NASTY, '"; DROP', "𝔘𝔫𝔦", "ТАБЛИЦА", "a" * 255])
def test_a_name_of_any_characters_is_text_and_nothing_else(name):
    found = estate([table(name), view("V")], [edge(view("V"), table(name), places=(Place(1, 1, NASTY),))])
    html = page(of(found))
    assert read(html).tags.count("script") == 2
    assert document(html)["nodes"][0]["name"] == table(name).sql
    ElementTree.fromstring(svg(of(found)))


def test_ddl_that_looks_like_a_hole_of_the_page_is_left_alone():
    found = estate([table("T")], [])
    found = replace(found, objects=(replace(found.objects[0], ddl="@@SCRIPT@@ @@DATA@@"),))
    assert document(page(of(found)))["nodes"][0]["ddl"] == "@@SCRIPT@@ @@DATA@@"


def test_a_megabyte_of_ddl_is_cut_and_says_so():
    found = estate([table("T")], [])
    found = replace(found, objects=(replace(found.objects[0], ddl="x" * 1_000_000),))
    html = page(of(found))
    assert len(html) < 300_000
    assert "800,000 more characters are not shown" in document(html)["nodes"][0]["ddl"]


def test_every_object_and_every_pair_is_there_once():
    found = large(80)
    told, html = of(found), document(page(of(found)))
    assert [node["name"] for node in html["nodes"]] == [node.address.sql for node in told.nodes]
    pairs = [(arrow["needer"], arrow["needed"]) for arrow in html["arrows"]]
    assert len(pairs) == len(set(pairs)) == len({(each.needer, each.needed) for each in found.edges})


def test_an_arrow_has_all_its_evidence_and_is_certain_as_soon_as_one_is():
    edges = [
        edge(view("V"), table("T"), Evidence.PARSED, certain=False, places=(Place(2, 3, "T"),)),
        edge(view("V"), table("T"), Evidence.OBSERVED),
    ]
    (arrow,) = merged(edges)
    assert arrow.evidence == (Evidence.PARSED, Evidence.OBSERVED)
    assert arrow.certain
    assert arrow.places == (Place(2, 3, "T"),)


def test_what_is_needed_and_was_not_found_is_drawn_as_staying_outside():
    other = Address(Kind.UNKNOWN, "GOV_DB", "TAGS", "PII")
    told = of(estate([view("V")], [edge(view("V"), other)]))
    assert [node.state for node in told.nodes if node.address == other] == [State.OUTSIDE]


def test_an_object_without_readable_ddl_is_marked():
    found = estate([table("T")], [])
    found = replace(found, objects=(replace(found.objects[0], ddl="", problem="GET_DDL gives nothing: not owner"),))
    html = page(of(found))
    assert document(html)["nodes"][0]["notes"] == ["GET_DDL gives nothing: not owner"]
    assert 'class="node table problem"' in html


def test_evidence_that_could_not_be_had_is_said():
    assert "No lineage for the account: 002141 (42601)" in page(of(large(3)))


def test_a_procedure_that_calls_itself_has_a_loop():
    mine = Address(Kind.PROCEDURE, "DB", "S", "P", "()")
    assert 'id="a0"' in page(of(estate([mine], [edge(mine, mine)])))


def test_an_empty_estate_is_a_page_too():
    assert "0 objects, 0 dependencies" in page(of(estate([], [])))


def test_a_long_name_loses_its_middle():
    assert shortened("A" * 30 + "B" * 30, 200.0).startswith("AAAA")
    assert shortened("A" * 30 + "B" * 30, 200.0).endswith("BBB")
    assert shortened("SHORT", 200.0) == "SHORT"


@pytest.mark.parametrize(("number", "text"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 KB"), (3 * 1024**4, "3.0 TB")])
def test_sizes_are_in_the_unit_that_people_read(number, text):
    assert size(number) == text


@pytest.mark.drill
@pytest.mark.skipif(not shutil.which("chromium"), reason="no browser on this machine")
def test_a_browser_runs_it_and_shows_the_ddl_of_the_object_in_the_address():
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "graph.html"
        file.write_text(page(of(large(200))))
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        words = ["chromium", *flags, f"--user-data-dir={folder}/profile", "--dump-dom"]
        wanted = f"{file.as_uri()}#DB.MART_0.TABLE_OF_ORDERS_0007"
        ran = subprocess.run([*words, wanted], capture_output=True, text=True, timeout=60, check=True)
    assert 'data-ready="yes"' in ran.stdout
    assert "create or replace TABLE DB.MART_0.TABLE_OF_ORDERS_0007" in ran.stdout.partition('id="panel"')[2]
