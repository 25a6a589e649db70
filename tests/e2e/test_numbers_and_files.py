"""Taking it away: the table of numbers, its CSV, and every file with its size and hash."""

import csv
import gzip
import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.pages.oculus_page import OculusPage


def test_numbers_are_those_of_the_job(result: OculusPage) -> None:
    structures = result.job()["structures"]
    result.panels.open("numbers")
    by_volume = sorted(structures, key=lambda each: -each["volume_ml"])

    assert result.panels.number_rows.evaluate_all(
        "all => all.map((row) => row.dataset.structure)"
    ) == ([each["name"] for each in by_volume])
    for row, structure in zip(result.panels.number_rows.all(), by_volume, strict=True):
        volume = row.locator("td").first.inner_text()
        shown = float(re.sub(r"[^\d.]", "", volume))
        assert shown == pytest.approx(structure["volume_ml"], rel=0.005)
        assert volume.startswith("≥") == structure["truncated"]
        density = row.locator("td").nth(1).inner_text().replace("−", "-").replace(",", "")
        assert float(density.split()[0]) == pytest.approx(structure["mean_hu"], abs=0.51)

    result.panels.sort_by("volume")
    expect(result.panels.number_rows.first).to_have_attribute(
        "data-structure", by_volume[-1]["name"]
    )


def test_a_row_of_numbers_selects_its_structure_and_tells_of_its_mesh(result: OculusPage) -> None:
    result.panels.open("numbers")
    result.panels.number_rows.first.get_by_role("button").click()
    name = result.panels.number_rows.first.get_attribute("data-structure")
    mesh = next(each["mesh"] for each in result.job()["structures"] if each["name"] == name)
    details = result.tab.get_by_role("region", name="Mesh: ")
    expect(details).to_contain_text("closed (watertight)")
    expect(details).to_contain_text(f"{mesh['triangles']:,} of {mesh['triangles_before']:,}")
    result.panels.open("structures")

    result.tree.expect_selected(name)


@pytest.mark.parametrize(
    ("language", "yes", "no"), [("en", "yes", "no"), ("es", "sí", "no")], ids=["en", "es"]
)
def test_the_csv_holds_the_table(
    result: OculusPage, tmp_path: Path, language: str, yes: str, no: str
) -> None:
    structures = {each["name"]: each for each in result.job()["structures"]}
    result.choose_language(language)  # type: ignore[arg-type]
    result.panels.open("numbers")
    button = result.tab.get_by_role("tabpanel").locator("button:has-text('CSV')")

    path = result.panels.download(button, tmp_path)

    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert path.name == f"iris-oculus-{result.job_id}.csv"
    assert len(header) == len(rows[0]) == 9
    assert {row[0] for row in rows} == set(structures)
    for row in rows:
        structure = structures[row[0]]
        mesh = structure["mesh"]
        assert float(row[3]) == structure["volume_ml"]
        assert float(row[4]) == structure["mean_hu"]
        assert float(row[5]) == structure["sd_hu"]
        assert row[6:8] == ["", ""] if mesh is None else float(row[6]) == mesh["surface_cm2"]
        assert row[8] == (yes if structure["truncated"] else no)


def test_every_file_can_be_taken_away_as_it_was_made(result: OculusPage, tmp_path: Path) -> None:
    artifacts = {each["name"]: each for each in result.job()["artifacts"]}
    result.panels.open("files")
    result.panels.unfold_single_files()

    expect(result.panels.links).to_have_count(len(artifacts))
    linked = result.panels.links.evaluate_all("all => all.map((one) => one.dataset.artifact)")
    assert sorted(linked) == sorted(set(linked))
    assert set(linked) == set(artifacts)

    for name in ("model.glb", "segmentation.nii.gz", "bone.stl", "manifest.json", "bundle.zip"):
        artifact = artifacts[name]
        path = result.panels.download(result.panels.link(name), tmp_path)
        content = path.read_bytes()
        assert path.name == name
        if artifact["content_encoding"] == "gzip":  # unpacked on its way
            content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        else:
            assert len(content) == artifact["size_bytes"]
            assert hashlib.sha256(content).hexdigest() == artifact["sha256"]


def test_the_page_names_the_engine_and_its_limits(result: OculusPage) -> None:
    engine = result.job()["engine"]
    result.panels.open("about")
    panel = result.tab.get_by_role("tabpanel")

    expect(panel).to_contain_text(engine["name"], ignore_case=True)
    expect(panel).to_contain_text(engine["version"])
    expect(panel).to_contain_text("knows no organs")
    for place in (panel, result.tab.get_by_role("contentinfo")):
        expect(place).to_contain_text("Not a medical device")
