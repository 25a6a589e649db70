"""What a completed job leaves: as it is listed, and as other programs read it."""

import csv
import gzip
import hashlib
import json
import zipfile
from io import BytesIO, StringIO
from typing import Any

import httpx
import nibabel
import numpy as np
import pytest
from jsonschema import Draft202012Validator
from PIL import Image

from local_stack.client import ApiClient, ApiError, Json, ProcessOptions
from local_stack.phantom import Phantom
from tests.conftest import REPOSITORY
from tests.functional.conftest import JOB_TIMEOUT_S
from tests.functional.results import read_label_map, read_mesh, read_scene
from tests.functional.running_app import ObservedApp

RAS_MM_PER_GLTF_METRE = 1000 * np.array([[-1.0, 0, 0], [0, 0, 1], [0, 1, 0]])
"""glTF's axes are left, superior, anterior."""


@pytest.fixture(scope="module")
def files(app: ObservedApp, finished_job: Json) -> dict[str, bytes]:
    """All artifacts by name, as ``GET /files`` gives them."""
    with app.client("finished") as api:
        return {
            each["name"]: api.file(finished_job["jobId"], each["name"])
            for each in finished_job["artifacts"]
        }


@pytest.fixture(scope="module")
def manifest(files: dict[str, bytes]) -> Json:
    document: Json = json.loads(files["manifest.json"])
    return document


def test_every_artifact_is_what_the_job_lists(
    http: httpx.Client, finished_job: Json, files: dict[str, bytes]
) -> None:
    listed = {each["name"]: each for each in finished_job["artifacts"]}
    assert len(listed) == len(finished_job["artifacts"]) > 20
    for name, entry in listed.items():
        answer = http.get(
            f"/files/{finished_job['jobId']}/{name}",
            params={"userId": "finished"},
            headers={"Accept": "*/*"},
            follow_redirects=True,
        )
        assert answer.headers["content-type"] == entry["content_type"]
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        with httpx.stream("GET", entry["url"], trust_env=False) as presigned:
            stored = b"".join(presigned.iter_raw())
        assert presigned.headers["content-type"] == entry["content_type"]
        assert presigned.headers.get("content-encoding") == entry["content_encoding"]
        assert len(stored) == entry["size_bytes"]
        assert hashlib.sha256(stored).hexdigest() == entry["sha256"]
        is_packed = entry["content_encoding"] == "gzip"
        unpacked = gzip.decompress(stored) if is_packed else stored
        assert answer.content == files[name] == unpacked
    assert listed["model.web.glb"]["content_encoding"] == "gzip"


def test_the_names_are_flat_and_those_that_are_promised(files: dict[str, bytes]) -> None:
    structures = ["lung_left", "lung_right", "airway", "bone", "muscle", "fat"]
    promised = {
        "model.glb",
        "model.web.glb",
        "model.obj",
        "model.mtl",
        "segmentation.nii.gz",
        "statistics.json",
        "statistics.csv",
        "manifest.json",
        "preview.png",
        "thumbnail.png",
        "ct_preview.nii.gz",
        "segmentation_preview.nii.gz",
        "bundle.zip",
        *(f"{name}.{kind}" for name in structures for kind in ("obj", "stl")),
    }
    assert promised <= files.keys()
    assert not [name for name in files if "/" in name or name != name.strip()]


def test_the_manifest_follows_its_published_schema(manifest: Json, finished_job: Json) -> None:
    schema = json.loads((REPOSITORY / "docs" / "manifest.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(manifest)

    assert manifest["job_id"] == finished_job["jobId"]
    assert manifest["structures"] == finished_job["structures"]
    assert manifest["options"] == finished_job["options"]
    listed = {each["name"]: each["sha256"] for each in finished_job["artifacts"]}
    described = {each["name"]: each["sha256"] for each in manifest["artifacts"]}
    assert described == {
        name: sha256
        for name, sha256 in listed.items()
        if name not in {"manifest.json", "bundle.zip"}
    }


def test_nobody_can_take_the_engine_for_another(manifest: Json, finished_job: Json) -> None:
    for engine in (manifest["engine"], finished_job["engine"]):
        assert (engine["name"], engine["device"], engine["models"]) == ("hounsfield", "cpu", [])
        assert "no organs" in engine["limits"]
    for warnings in (manifest["warnings"], finished_job["warnings"]):
        assert "gpu_missing" in {warning["code"] for warning in warnings}


def test_the_label_map_lies_on_the_scan(
    files: dict[str, bytes], manifest: Json, phantom: Phantom
) -> None:
    image = read_label_map(files["segmentation.nii.gz"])
    labels = np.asarray(image.dataobj)
    np.testing.assert_allclose(image.affine, phantom.volume.affine_ras_mm, rtol=0, atol=1e-4)
    assert labels.shape == phantom.volume.voxels.shape
    assert labels.dtype == np.uint8
    counts = np.bincount(labels.ravel())
    assert {value for value in range(1, len(counts)) if counts[value]} == {
        each["label_value"] for each in manifest["structures"]
    }
    for structure in manifest["structures"]:
        value = structure["label_value"]
        assert counts[value] == structure["voxels"]
        mean_hu = phantom.volume.voxels[labels == value].mean()
        assert structure["mean_hu"] == pytest.approx(mean_hu, abs=0.01)
        centroid = nibabel.affines.apply_affine(image.affine, np.argwhere(labels == value))
        np.testing.assert_allclose(centroid.mean(axis=0), structure["centroid_ras_mm"], atol=0.01)


def test_the_lungs_are_where_the_phantom_has_them(
    files: dict[str, bytes], phantom: Phantom
) -> None:
    truth = {s.name: value for value, s in phantom.label_map.structures.items()}
    found = np.asarray(read_label_map(files["segmentation.nii.gz"]).dataobj)
    for side, value in (("left", 1), ("right", 2)):
        lobes = [v for name, v in truth.items() if name.startswith("lung") and side in name]
        true = np.isin(phantom.label_map.labels, lobes)
        dice = 2 * (true & (found == value)).sum() / (true.sum() + (found == value).sum())
        assert dice > 0.9, side


def test_every_mesh_loads_and_is_the_structure_that_it_says(
    files: dict[str, bytes], manifest: Json
) -> None:
    scene = read_scene(files["model.glb"])
    assert set(scene.geometry) == {each["name"] for each in manifest["structures"]}
    for structure in manifest["structures"]:
        name, mesh = structure["name"], structure["mesh"]
        assert mesh["watertight"]
        # Surfaces are measured; each must enclose the volume of its voxels.
        assert mesh["volume_ml"] == pytest.approx(structure["volume_ml"], rel=0.05)
        assert mesh["same_side"] is not False
        assert 0 <= mesh["deviation_p95_mm"] <= mesh["deviation_max_mm"]
        in_stl = read_mesh(f"{name}.stl", files[f"{name}.stl"])
        in_obj = read_mesh(f"{name}.obj", files[f"{name}.obj"])
        in_glb = scene.geometry[name]
        transform = scene.graph.get(scene.graph.geometry_nodes[name][0])[0]
        corners_m = nibabel.affines.apply_affine(transform, in_glb.triangles.reshape(-1, 3))
        corners_mm = (corners_m @ RAS_MM_PER_GLTF_METRE).reshape(-1, 3, 3)
        assert len(in_stl.triangles) == len(in_obj.triangles) == mesh["triangles"]
        np.testing.assert_allclose(in_obj.triangles, in_stl.triangles, rtol=0, atol=1e-2)
        np.testing.assert_allclose(corners_mm, in_stl.triangles, rtol=0, atol=1e-2)
        in_stl.merge_vertices()
        assert in_stl.is_watertight
        assert in_stl.volume / 1000 == pytest.approx(mesh["volume_ml"], rel=1e-3)


def test_the_whole_model_has_a_group_and_a_material_for_each_structure(
    files: dict[str, bytes], manifest: Json
) -> None:
    lines = files["model.obj"].decode().splitlines()
    names = [each["name"] for each in manifest["structures"]]
    assert "mtllib model.mtl" in lines
    for keyword in ("g", "usemtl"):
        assert [line.split()[1] for line in lines if line.startswith(f"{keyword} ")] == names
    materials = files["model.mtl"].decode().splitlines()
    assert [line.split()[1] for line in materials if line.startswith("newmtl ")] == names
    triangles = sum(line.startswith("f ") for line in lines)
    assert triangles == sum(each["mesh"]["triangles"] for each in manifest["structures"])


def test_a_list_of_jobs_has_a_picture_of_each(app: ObservedApp, finished_job: Json) -> None:
    with app.client("finished") as api:
        listed = {job["jobId"]: job["thumbnail_url"] for job in api.list_jobs()["jobs"]}
    picture = httpx.get(listed[finished_job["jobId"]], trust_env=False)
    assert picture.headers["content-type"] == "image/png"
    with Image.open(BytesIO(picture.content)) as image:
        assert image.size == (192, 192)


def test_the_page_gets_the_scan_and_its_labels_on_one_grid(
    files: dict[str, bytes], phantom: Phantom
) -> None:
    scan, segments, whole = (
        nibabel.Nifti1Image.from_bytes(gzip.decompress(files[name]))
        for name in ("ct_preview.nii.gz", "segmentation_preview.nii.gz", "segmentation.nii.gz")
    )
    # The phantom is small enough to be sent as it is.
    assert scan.get_data_dtype() == np.int16
    assert np.array_equal(np.asanyarray(scan.dataobj), phantom.volume.voxels)
    assert segments.get_data_dtype() == np.uint8
    assert np.array_equal(np.asanyarray(segments.dataobj), np.asanyarray(whole.dataobj))
    for image in (scan, segments):
        np.testing.assert_allclose(image.affine, whole.affine, rtol=0, atol=1e-4)


def test_the_bundle_holds_all_the_others(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(BytesIO(files["bundle.zip"])) as bundle:
        held = {name: bundle.read(name) for name in bundle.namelist()}

    for_the_page = {"ct_preview.nii.gz", "segmentation_preview.nii.gz", "thumbnail.png"}
    left_out = {"bundle.zip", "model.web.glb", *for_the_page}
    assert held == {name: content for name, content in files.items() if name not in left_out}


def test_the_tables_say_what_the_manifest_says(files: dict[str, bytes], manifest: Json) -> None:
    rows = list(csv.DictReader(StringIO(files["statistics.csv"].decode())))
    in_json = json.loads(files["statistics.json"])["structures"]
    assert [row["name"] for row in rows] == [each["name"] for each in in_json]
    for row, each, structure in zip(rows, in_json, manifest["structures"], strict=True):
        assert float(row["volume_ml"]) == pytest.approx(structure["volume_ml"])
        assert each["volume_ml"] == pytest.approx(structure["volume_ml"])


def test_the_preview_is_a_picture_of_something(files: dict[str, bytes]) -> None:
    picture: Any = np.asarray(Image.open(BytesIO(files["preview.png"])).convert("RGB"))
    assert min(picture.shape[:2]) >= 200
    assert picture.std() > 5


def test_a_large_artifact_is_a_redirect_and_the_bytes_behind_it(
    app: ObservedApp, finished_api: ApiClient, finished_job: Json
) -> None:
    job_id = finished_api.upload_from(finished_job["jobId"])
    finished_api.process(job_id, ProcessOptions(device="cpu", reduction_percent=0, formats=["obj"]))
    job = finished_api.wait(job_id, timeout_s=JOB_TIMEOUT_S)
    assert job["status"] == "completed", job["error"]
    (model,) = [each for each in job["artifacts"] if each["name"] == "model.obj"]
    assert model["size_bytes"] > 4_500_000

    with app.http() as http:
        answer = http.get(f"/files/{job_id}/model.obj", params={"userId": "finished"})
    content = finished_api.file(job_id, "model.obj")

    assert answer.status_code == 302
    assert not answer.headers["location"].startswith(app.url)
    assert answer.content == b""
    assert hashlib.sha256(content).hexdigest() == model["sha256"]


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("liver.stl", 404, "file_not_found"),
        ("..%2Fscan", 404, "route_not_found"),
        (".hidden", 400, "invalid_filename"),
    ],
)
def test_what_is_no_artifact_is_not_given(
    http: httpx.Client, finished_job: Json, name: str, status: int, code: str
) -> None:
    answer = http.get(f"/files/{finished_job['jobId']}/{name}", params={"userId": "finished"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_artifacts_belong_to_the_jobs_owner(app: ObservedApp, finished_job: Json) -> None:
    with app.client("somebody-else") as stranger, pytest.raises(ApiError) as refused:
        stranger.file(finished_job["jobId"], "manifest.json")

    assert (refused.value.status, refused.value.code) == (403, "job_not_yours")
