import contextlib
import json
import os
import pty
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import mesh_processing
import nibabel
import numpy as np
import numpy.typing as npt
import pytest
import trimesh
from iris_oculus.documents import StructureEntry
from scan_to_mesh.meshing.meshing import MeshingOptions, mesh_label_map

from tests.analytic_shapes import sphere
from tests.label_maps import label_map, voxelised


@pytest.fixture
def labels_path(tmp_path: Path) -> Path:
    image = voxelised(sphere(15), np.diag([-1.5, 1.5, 2.0]))
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
    assert all(row["mesh"]["watertight"] for row in report["structures"])
    assert [row["truncated"] for row in report["structures"]] == [False, True]
    assert sorted(report["files"]) == ["ball.stl", "crumb.stl"]
    assert sorted(path.name for path in out.iterdir()) == ["ball.stl", "crumb.stl", "report.json"]
    assert json.loads((out / "report.json").read_text(encoding="utf-8")) == report

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
    assert crumb.rstrip().endswith("cut at the border")
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"label_1.stl", "label_1.ply", "model.glb", "model.obj", "report.json"} <= files
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert set(report["files"]) == files - {"report.json"}
    totals = report["totals"]
    assert summary.startswith(
        f"2 structures, 2 watertight: {totals['triangles_before']:,} triangles became "
        f"{totals['triangles']:,} ({totals['removed_percent']:.1f} % removed)"
    )


def test_the_report_is_that_of_the_manifest_and_its_totals_add_up(
    labels_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(labels_path), str(tmp_path), "--formats", "stl", "--json", "--threads", "2"]
    assert mesh_processing.main(arguments) == 0
    report = json.loads(capsys.readouterr().out)
    entries = [StructureEntry.model_validate(row) for row in report["structures"]]
    meshes = [entry.mesh for entry in entries if entry.mesh is not None]
    assert report["totals"] == {
        "structures": 2,
        "watertight": 2,
        "triangles": sum(mesh.triangles for mesh in meshes),
        "triangles_before": sum(mesh.triangles_before for mesh in meshes),
        "removed_percent": pytest.approx(
            100 * (1 - sum(m.triangles for m in meshes) / sum(m.triangles_before for m in meshes))
        ),
    }
    ball = entries[0]
    assert ball.mesh is not None
    assert ball.mesh.volume_ml == pytest.approx(ball.volume_ml, rel=0.01)
    assert ball.mesh.deviation_max_mm is not None
    assert ball.mesh.deviation_max_mm < 2
    assert set(report["seconds"]) == {"reading", "meshing", "exporting", "measuring", "total"}


@pytest.mark.parametrize("dtype", ["u1", "u4", "i2", "f4"])
@pytest.mark.parametrize(
    "linear",
    [
        pytest.param(np.diag([-1.5, 1.5, 2.0]), id="mirrored"),
        pytest.param(np.array([[0, 0, 2.0], [1.5, 0, 0], [0, -1.5, 0]]), id="axes swapped"),
        pytest.param(np.array([[1.2, 0.5, 0.3], [-0.5, 1.1, 0.4], [0.1, -0.6, 1.9]]), id="oblique"),
    ],
)
def test_any_number_type_and_orientation_gives_the_ball_in_the_world(
    tmp_path: Path, dtype: str, linear: npt.NDArray[np.float64]
) -> None:
    image = voxelised(sphere(15), linear)
    value = 4_000_000_000 if dtype == "u4" else 7
    labels = (image.labels.astype("u4") * value).astype(dtype)
    path = tmp_path / "labels.nii"
    nibabel.save(nibabel.Nifti1Image(labels, image.affine_ras_mm, dtype=dtype), path)
    names = tmp_path / "names.json"
    names.write_text(json.dumps({str(value): "ball"}))
    arguments = [str(path), str(tmp_path), "--names", str(names), "--formats", "stl"]
    assert mesh_processing.main(arguments) == 0
    ball = trimesh.load(tmp_path / "ball.stl")
    distances = np.linalg.norm(ball.vertices, axis=1)
    np.testing.assert_allclose(distances, 15, atol=0.5 * np.linalg.norm(linear, axis=0).max())
    assert ball.volume == pytest.approx(4 / 3 * np.pi * 15**3, rel=0.02)
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["structures"][0]["label_value"] == value


def _command(*arguments: object) -> list[str]:
    return [sys.executable, mesh_processing.__file__, *map(str, arguments)]


def test_as_a_process_only_the_answer_is_on_standard_output(
    labels_path: Path, names_path: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        _command(labels_path, tmp_path / "out", "--names", names_path, "--json"),
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [row["name"] for row in json.loads(done.stdout)["structures"]] == ["ball", "crumb"]


def test_as_a_process_an_error_is_told_with_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        _command(tmp_path / "none.nii", tmp_path / "out"), capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    problem, hint = done.stderr.splitlines()
    assert problem.startswith("error: ")
    assert hint.startswith("Check the path")


def test_a_terminal_gets_a_progress_bar(labels_path: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        _command(labels_path, tmp_path / "out", "--formats", "stl"),
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm-256color"},
    )
    os.close(theirs)
    shown = b""
    # Linux says EIO where the other end of a terminal is closed.
    with contextlib.suppress(OSError):
        while part := os.read(ours, 65536):
            shown += part
    os.close(ours)
    assert process.wait() == 0
    assert "Meshing" in shown.decode()
    assert "━" in shown.decode()


def test_reduction_percent_is_the_share_removed(
    labels_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    triangles = {}
    for percent in ("0", "50"):
        arguments = [str(labels_path), str(tmp_path / percent), "--formats", "stl", "--json"]
        assert mesh_processing.main([*arguments, "--reduction-percent", percent]) == 0
        ball = json.loads(capsys.readouterr().out)["structures"][0]
        triangles[percent] = ball["mesh"]["triangles"]
    assert triangles["0"] == ball["mesh"]["triangles_before"]
    assert triangles["50"] == pytest.approx(triangles["0"] / 2, rel=0.02)


def _report_of(path: Path, out: Path, *arguments: str) -> dict[str, Any]:
    assert mesh_processing.main([str(path), str(out), "--formats", "stl", *arguments]) == 0
    report: dict[str, Any] = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return report


def test_every_option_reaches_the_meshing(labels_path: Path, tmp_path: Path) -> None:
    arguments = "--reduction-percent 80 --max-deviation-mm 0.4 --smoothing 3 --quality print"
    report = _report_of(
        labels_path, tmp_path, *arguments.split(), "--drop-islands-below-ml", "0.01"
    )
    assert report["options"] == {
        "target_reduction": 0.8,
        "max_deviation_mm": 0.4,
        "smoothing_mm": 3.0,
        "quality": "print",
        "drop_islands_below_ml": 0.01,
    }
    assert _report_of(labels_path, tmp_path)["options"] == asdict(MeshingOptions())


def test_a_bound_on_the_deviation_is_kept(labels_path: Path, tmp_path: Path) -> None:
    free = _report_of(labels_path, tmp_path / "free")["structures"][0]["mesh"]
    bound = free["deviation_max_mm"] / 2
    bounded = _report_of(labels_path, tmp_path / "bounded", "--max-deviation-mm", str(bound))
    mesh = bounded["structures"][0]["mesh"]
    assert mesh["deviation_max_mm"] <= bound
    assert mesh["triangles"] > free["triangles"]


def test_islands_are_dropped_by_the_option_alone(tmp_path: Path) -> None:
    image = voxelised(sphere(15), np.diag([1.5, 1.5, 2.0]))
    labels = image.labels.copy()
    labels[0, 0, 0] = 1
    path = tmp_path / "labels.nii.gz"
    nibabel.save(nibabel.Nifti1Image(labels, image.affine_ras_mm), path)
    pieces = []
    for out, arguments in (("all", []), ("large", ["--drop-islands-below-ml", "0.1"])):
        _report_of(path, tmp_path / out, *arguments)
        pieces.append(trimesh.load(tmp_path / out / "label_1.stl").body_count)
    assert pieces == [2, 1]


def test_without_smoothing_the_stairs_stay(labels_path: Path, tmp_path: Path) -> None:
    smooth = _report_of(labels_path, tmp_path / "smooth", "--reduction-percent", "0")
    stairs = _report_of(
        labels_path, tmp_path / "stairs", "--reduction-percent", "0", "--smoothing", "0"
    )
    areas = [report["structures"][0]["mesh"]["surface_cm2"] for report in (smooth, stairs)]
    assert areas[0] == pytest.approx(4 * np.pi * 1.5**2, rel=0.01)
    assert areas[1] > 1.02 * areas[0]


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
        problem, hint = capsys.readouterr().err.splitlines()
        assert words in problem
        assert len(hint) > 20


def test_a_folder_that_is_a_file_is_told(
    labels_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.write_text("in the way")
    assert mesh_processing.main([str(labels_path), str(out)]) == 1
    problem, hint = capsys.readouterr().err.splitlines()
    assert problem == f"error: {out}: File exists."
    assert hint.startswith("Check the path")


@pytest.mark.parametrize(
    ("ending", "status", "words"),
    [(MemoryError(), 1, "fewer --threads"), (KeyboardInterrupt(), 130, "stopped")],
    ids=["out of memory", "Ctrl-C"],
)
def test_an_untimely_end_leaves_no_traceback(
    labels_path: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    ending: BaseException,
    status: int,
    words: str,
) -> None:
    def end(*_arguments: object, **_options: object) -> None:
        raise ending

    monkeypatch.setattr(mesh_processing, "mesh_label_map", end)
    assert mesh_processing.main([str(labels_path), str(tmp_path / "out")]) == status
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["labels.mha", "out"],
        ["labels.nii", "out", "--formats", "glb,fbx"],
        ["labels.nii", "out", "--reduction-percent", "100"],
        ["labels.nii", "out", "--threads", "0"],
        ["labels.nii", "out", "--quality", "best"],
        ["labels.nii", "out", "--max-deviation-mm", "0"],
        ["labels.nii", "out", "--smoothing", "-1"],
        ["labels.nii", "out", "--drop-islands-below-ml", "nan"],
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
