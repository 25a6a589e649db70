import json
from pathlib import Path

import mesh_processing
import nibabel
import numpy as np
import pytest
import trimesh
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map

from tests.unit.scan_to_mesh.meshing.solids import label_map, scanned, sphere


@pytest.fixture
def labels_path(tmp_path: Path) -> Path:
    image = scanned(sphere(15), np.diag([-1.5, 1.5, 2.0]))
    labels = image.labels.astype(np.uint16)
    labels[0, 0, 0] = 300
    path = tmp_path / "labels.nii.gz"
    nibabel.save(nibabel.Nifti1Image(labels, image.affine_ras_mm), path)
    return path


@pytest.fixture
def names_path(tmp_path: Path) -> Path:
    path = tmp_path / "names.json"
    path.write_text(json.dumps({"1": "ball", "300": "crumb", "7": "absent"}))
    return path


def test_meshes_are_those_of_the_pipeline(
    labels_path: Path, names_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "meshes" / "of the ball"
    status = mesh_processing.main(
        [str(labels_path), str(out), "--names", str(names_path), "--formats", "stl", "--json"]
    )
    assert status == 0
    report = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in report["structures"]] == ["ball", "crumb"]
    assert all(row["watertight"] for row in report["structures"])
    assert [row["truncated"] for row in report["structures"]] == [False, True]
    assert sorted(report["files"]) == ["ball.stl", "crumb.stl"]
    assert sorted(path.name for path in out.iterdir()) == ["ball.stl", "crumb.stl"]

    image = nibabel.load(labels_path)
    expected, _ = mesh_label_map(
        label_map(np.asarray(image.dataobj), np.asarray(image.affine)),
        MeshingOptions(0.9),
        lambda _done, _all: None,
    )
    written = trimesh.load(out / "ball.stl")
    np.testing.assert_array_equal(
        written.triangles.astype(np.float32), expected.vertices_ras_mm[expected.faces]
    )


def test_every_format_and_a_table_by_default(
    labels_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mesh_processing.main([str(labels_path), str(tmp_path / "out")]) == 0
    head, ball, crumb, summary = capsys.readouterr().out.splitlines()
    assert head.split()[0] == "structure"
    assert ball.split()[:2] == ["label_1", "1"]
    assert crumb.endswith("cut at the border")
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert summary.startswith(f"{len(files)} files")
    assert {"label_1.stl", "model.glb"} <= set(files)


def test_reduction_percent_is_the_share_removed(
    labels_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    triangles = {}
    for percent in ("0", "50"):
        arguments = [str(labels_path), str(tmp_path / percent), "--formats", "stl", "--json"]
        assert mesh_processing.main([*arguments, "--reduction-percent", percent]) == 0
        ball = json.loads(capsys.readouterr().out)["structures"][0]
        triangles[percent] = ball["triangles"]
    assert triangles["0"] == ball["triangles_before"]
    assert triangles["50"] == pytest.approx(triangles["0"] / 2, rel=0.02)


@pytest.mark.parametrize(
    "names",
    [{"1": "../ball"}, {"1": "model"}, {"1": "Ball", "300": "ball"}, {"1": "label_300"}],
    ids=str,
)
def test_names_that_cannot_be_files_are_refused_before_the_work(
    labels_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], names: dict[str, str]
) -> None:
    path = tmp_path / "names.json"
    path.write_text(json.dumps(names))
    out = tmp_path / "out"
    assert mesh_processing.main([str(labels_path), str(out), "--names", str(path)]) == 1
    assert capsys.readouterr().err.startswith("error: ")
    assert not out.exists()


def test_errors_are_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.nii"
    nibabel.save(nibabel.Nifti1Image(np.zeros((3, 3, 3), np.uint8), np.eye(4)), empty)
    text = tmp_path / "text.nii"
    text.write_text("hello")
    missing = tmp_path / "missing.nii.gz"
    for path, words in ((empty, "no segment"), (text, "no NIfTI"), (missing, "No such file")):
        assert mesh_processing.main([str(path), str(tmp_path / "out")]) == 1
        assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["labels.mha", "out"],
        ["labels.nii", "out", "--formats", "glb,fbx"],
        ["labels.nii", "out", "--reduction-percent", "100"],
        ["labels.nii"],
    ],
    ids=" ".join,
)
def test_wrong_arguments_show_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        mesh_processing.main(arguments)
    assert "usage: mesh_processing.py" in capsys.readouterr().err
