import re
from xml.etree import ElementTree as ET

import pytest

from scripts.operations import scaling_report
from scripts.operations.scaling_chart import Line, Panel, chart


def test_the_documents_hold_what_the_simulation_says(capsys: pytest.CaptureFixture[str]) -> None:
    code = scaling_report.main(["--check"])
    assert code == 0, f"run python -m scripts.operations.scaling_report\n{capsys.readouterr().out}"


def test_every_table_is_in_a_document() -> None:
    texts = "".join(path.read_text() for path in scaling_report.DOCS.glob("*.md"))
    marked = set(re.findall(r"<!-- table (\w+) -->", texts))
    assert marked == scaling_report.tables().keys()


def test_a_table_replaces_what_was_there_and_nothing_else() -> None:
    text = "a\n<!-- table one -->\nold\n<!-- end -->\nb\n"
    filled = scaling_report.fill(text, {"one": "new"})
    assert filled == "a\n<!-- table one -->\nnew\n<!-- end -->\nb\n"
    assert scaling_report.fill(filled, {"one": "new"}) == filled
    with pytest.raises(KeyError):
        scaling_report.fill(text, {})


def test_larger_values_are_drawn_higher_and_within_the_picture() -> None:
    panel = Panel("t", ("a", "b", "c"), "x", (Line("l", (0.0, 0.3, 0.55)), Line("m", (0, 0, 0))))
    root = ET.fromstring(chart([panel]))
    lines = root.findall(".//{http://www.w3.org/2000/svg}polyline")
    points = [tuple(map(float, pair.split(","))) for pair in lines[0].attrib["points"].split()]
    heights = [y for _, y in points]
    assert heights == sorted(heights, reverse=True)
    assert all(0 < x < 420 and 0 < y < 300 for x, y in points)
    assert len(lines) == 2
