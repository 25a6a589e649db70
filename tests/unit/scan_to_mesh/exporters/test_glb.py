"""Both models, read by trimesh and by a reader of the bare specification."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from glb_reading import MESHOPT, read_accessor, read_chunks
from scan_to_mesh.exporters.glb import export_glb
from scan_to_mesh.exporters.gltf_frame import gltf_metres
from scan_to_mesh.exporters.gltf_plain import encode_plain_glb
from scan_to_mesh.exporters.gltf_web import STEP_MM, encode_web_glb
from scan_to_mesh.exporters.srgb import linear_from_srgb
from scan_to_mesh.exporters.vertex_normals import vertex_normals
from scan_to_mesh.meshing.surface_mesh import SurfaceMesh
from scipy.spatial import cKDTree
from shapes_to_export import sphere, three_organs


def _plain_glb(meshes: Sequence[SurfaceMesh]) -> bytes:
    return b"".join(encode_plain_glb(meshes))


ENCODERS = pytest.mark.parametrize("encode", [_plain_glb, encode_web_glb])


def _node(document: dict[str, Any], name: str) -> dict[str, Any]:
    (node,) = [node for node in document["nodes"] if node["name"] == name]
    return dict(node)


def _world(
    document: dict[str, Any], binary: bytes, name: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Positions in metres, normals and faces of a structure, as a reader would place them.

    Normals that are left out are summed from the faces, as the page does it.
    """
    node = _node(document, name)
    (primitive,) = document["meshes"][node["mesh"]]["primitives"]
    stored = read_accessor(document, binary, primitive["attributes"]["POSITION"]).astype(float)
    faces = read_accessor(document, binary, primitive["indices"]).reshape(-1, 3).astype(int)
    positions = stored * node.get("scale", [1, 1, 1]) + node.get("translation", [0, 0, 0])
    number = primitive["attributes"].get("NORMAL")
    normals = (
        vertex_normals(stored.astype(np.float32), faces.astype(np.int32))
        if number is None
        else read_accessor(document, binary, number)
    )
    return positions, normals.astype(float), faces


def _corner_set(positions: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Triangles by their corners, each begun at its lowest corner, in sorted order."""
    corners = positions[faces]
    lowest = np.lexsort(corners.transpose(2, 0, 1)[::-1], axis=-1)[:, 0]
    rolled = corners[np.arange(len(faces))[:, None], (lowest[:, None] + np.arange(3)) % 3]
    flat = rolled.reshape(len(faces), 9)
    return flat[np.lexsort(flat.T[::-1])]


def test_both_models_are_written(tmp_path: Path) -> None:
    paths = export_glb(three_organs(), tmp_path)
    assert [path.name for path in paths] == ["model.glb", "model.web.glb"]
    assert sorted(tmp_path.iterdir()) == sorted(paths)


def test_trimesh_reads_positions_volumes_names_and_colours(tmp_path: Path) -> None:
    meshes = three_organs()
    model, _ = export_glb(meshes, tmp_path)
    scene = trimesh.load_scene(model)
    assert set(scene.geometry) == {"liver", "heart", "stomach"}
    for mesh in meshes:
        read = scene.geometry[mesh.structure.name]
        expected_m = gltf_metres(mesh.vertices_ras_mm)
        assert np.array_equal(read.faces, mesh.faces)
        assert read.vertices == pytest.approx(expected_m, abs=1e-9)
        assert read.is_watertight
        original = trimesh.Trimesh(mesh.vertices_ras_mm, mesh.faces)
        assert read.volume * 1e9 == pytest.approx(original.volume, rel=1e-5)  # > 0: not mirrored
        linear = linear_from_srgb(np.array(mesh.structure.color_rgb) / 255)
        base = np.array(read.visual.material.baseColorFactor) / 255
        assert base == pytest.approx([*linear, 1], abs=1 / 255)


def test_left_is_plus_x_superior_plus_y_and_anterior_plus_z(tmp_path: Path) -> None:
    scene = trimesh.load_scene(export_glb(three_organs(), tmp_path)[0])
    centre = {name: mesh.bounds.mean(axis=0) for name, mesh in scene.geometry.items()}
    assert centre["liver"] == pytest.approx([-0.060, -0.005, 0.015], abs=1e-6)
    assert centre["heart"] == pytest.approx([0.025, 0.090, 0.048], abs=1e-6)


@ENCODERS
def test_the_tree_is_root_body_systems_structures(encode: Any) -> None:
    document, _ = read_chunks(encode(three_organs()))
    names = [node["name"] for node in document["nodes"]]
    tree = {
        node["name"]: [names[child] for child in node["children"]]
        for node in document["nodes"]
        if "children" in node
    }
    assert document["scenes"][document["scene"]]["nodes"] == [names.index("IRIS Oculus")]
    assert tree == {
        "IRIS Oculus": ["digestive", "cardiovascular"],
        "digestive": ["liver", "stomach"],
        "cardiovascular": ["heart"],
    }


@ENCODERS
def test_extras_say_what_a_structure_is(encode: Any) -> None:
    organs = three_organs()
    organs[1] = replace(organs[1], report=replace(organs[1].report, watertight=False))
    document, _ = read_chunks(encode(organs))
    assert _node(document, "heart")["extras"] == {
        "display_name": "Heart",
        "label_value": 51,
        "color_rgb": [40, 180, 60],
        "snomed_code": "10200004",
        "snomed_meaning": "Liver",
        "body_system": "cardiovascular",
        "encloses": False,
        "watertight": False,
        "triangles": 320,
    }


@ENCODERS
def test_the_root_says_how_to_come_back_to_the_patient(encode: Any) -> None:
    meshes = three_organs()
    document, binary = read_chunks(encode(meshes))
    extras = _node(document, "IRIS Oculus")["extras"]
    assert (extras["schema"], extras["units"]) == ("iris-oculus/model/1", "m")
    positions_m, _, _ = _world(document, binary, "liver")
    back = (
        np.array(extras["ras_mm_from_gltf"])
        @ np.column_stack([positions_m, np.ones(len(positions_m))]).T
    )
    assert back[:3].mean(axis=1) == pytest.approx([60, 15, -5], abs=0.05)


@ENCODERS
def test_materials_are_linear_single_sided_and_one_for_each_structure(encode: Any) -> None:
    document, _ = read_chunks(encode([sphere("liver", color_rgb=(255, 128, 0))]))
    (material,) = document["materials"]
    assert material["name"] == "liver"
    assert not material.get("doubleSided", False)
    pbr = material["pbrMetallicRoughness"]
    assert pbr["baseColorFactor"] == pytest.approx([1, 0.2158605, 0, 1], abs=1e-6)
    assert (pbr["metallicFactor"], pbr["roughnessFactor"]) == (0, 0.6)


@ENCODERS
def test_bounds_of_the_accessors_are_those_of_the_data(encode: Any) -> None:
    document, binary = read_chunks(encode(three_organs()))
    for mesh in document["meshes"]:
        number = mesh["primitives"][0]["attributes"]["POSITION"]
        stored = read_accessor(document, binary, number)
        accessor = document["accessors"][number]
        assert stored.min(axis=0).tolist() == accessor["min"]
        assert stored.max(axis=0).tolist() == accessor["max"]


@ENCODERS
@pytest.mark.parametrize(("subdivisions", "component"), [(3, 5123), (7, 5125)])
def test_indices_are_as_narrow_as_they_may_be(
    encode: Any, subdivisions: int, component: int
) -> None:
    document, binary = read_chunks(encode([sphere(subdivisions=subdivisions)]))
    number = document["meshes"][0]["primitives"][0]["indices"]
    assert document["accessors"][number]["componentType"] == component
    assert read_accessor(document, binary, number).max() == 10 * 4**subdivisions + 1


def test_the_plain_model_needs_no_extension() -> None:
    document, _ = read_chunks(_plain_glb(three_organs()))
    assert not {"extensionsUsed", "extensionsRequired"} & set(document)
    assert len(document["buffers"]) == 1


def test_plain_normals_are_those_of_the_mesh() -> None:
    (mesh,) = meshes = [sphere(centre_ras_mm=(5, 6, 7))]
    document, binary = read_chunks(_plain_glb(meshes))
    _, normals, _ = _world(document, binary, "sphere")
    assert normals == pytest.approx(
        vertex_normals(gltf_metres(mesh.vertices_ras_mm), mesh.faces), abs=1e-5
    )
    outward = gltf_metres(mesh.vertices_ras_mm - np.float32([5, 6, 7]))
    assert (np.einsum("ij,ij->i", outward, normals) > 0).all()


def test_the_web_model_holds_the_same_triangles_on_the_grid() -> None:
    meshes = three_organs()
    document, binary = read_chunks(encode_web_glb(meshes))
    for mesh in meshes:
        expected_m = gltf_metres(mesh.vertices_ras_mm).astype(float)
        step = STEP_MM / 1000
        positions, _, faces = _world(document, binary, mesh.structure.name)
        # On the same grid the triangles are the same ones, with the same winding.
        on_grid = np.rint(positions / step)
        expected_on_grid = np.rint(expected_m / step)
        assert np.array_equal(
            _corner_set(on_grid, faces), _corner_set(expected_on_grid, mesh.faces)
        )
        assert np.abs(positions - on_grid * step).max() < step * 1e-3
        read = trimesh.Trimesh(positions, faces, process=False)
        assert read.is_watertight
        original = trimesh.Trimesh(expected_m, mesh.faces, process=False)
        assert read.volume == pytest.approx(original.volume, rel=1e-3)


def test_points_that_structures_share_stay_shared_in_the_web_model() -> None:
    upper = sphere("upper", centre_ras_mm=(31.7, -12.3, 401.9))
    further = np.vstack([upper.vertices_ras_mm, [[-77.1, 88.2, 99.3]]]).astype(np.float32)
    last = len(further) - 1
    lower = replace(
        sphere("lower"),
        vertices_ras_mm=further,
        faces=np.vstack([upper.faces, [[0, 1, last]]]).astype(np.int32),
    )
    document, binary = read_chunks(encode_web_glb([upper, lower]))
    shared, _, _ = _world(document, binary, "upper")
    both, _, _ = _world(document, binary, "lower")
    step_m = STEP_MM / 1000
    found = {tuple(point) for point in np.rint(both / step_m).astype(int).tolist()}
    assert {tuple(point) for point in np.rint(shared / step_m).astype(int).tolist()} < found


def test_a_structure_longer_than_the_grid_gets_a_coarser_one() -> None:
    long = sphere(radius_mm=1500)
    document, binary = read_chunks(encode_web_glb([long]))
    positions, _, _ = _world(document, binary, "sphere")
    assert _node(document, "sphere")["scale"] == [pytest.approx(2 * STEP_MM / 1000)] * 3
    expected = gltf_metres(long.vertices_ras_mm)
    assert positions.min(axis=0) == pytest.approx(expected.min(axis=0), abs=STEP_MM / 1000)
    assert positions.max(axis=0) == pytest.approx(expected.max(axis=0), abs=STEP_MM / 1000)


@pytest.mark.parametrize("radius_mm", [20, 1500])
def test_no_axis_of_a_web_position_is_further_off_than_half_a_step(radius_mm: float) -> None:
    mesh = sphere(centre_ras_mm=(31.7, -12.3, 401.9), radius_mm=radius_mm, subdivisions=5)
    document, binary = read_chunks(encode_web_glb([mesh]))
    (step_m,) = set(_node(document, "sphere")["scale"])
    assert step_m == pytest.approx(STEP_MM / 1000 * (1 if radius_mm < 1000 else 2))
    positions, _, _ = _world(document, binary, "sphere")
    expected_m = gltf_metres(mesh.vertices_ras_mm).astype(float)
    rounding_m = np.finfo(np.float32).eps * np.abs(expected_m).max()
    for found, wanted in ((positions, expected_m), (expected_m, positions)):
        off_m, _ = cKDTree(found).query(wanted, p=np.inf)
        assert off_m.max() <= step_m / 2 + rounding_m


def test_web_positions_are_fine_enough_for_normals_within_two_degrees() -> None:
    ball = sphere(centre_ras_mm=(5, 6, 7), subdivisions=5)  # edges of 0.7 mm, a third of most
    document, binary = read_chunks(encode_web_glb([ball]))
    assert "NORMAL" not in document["meshes"][0]["primitives"][0]["attributes"]
    positions, normals, _ = _world(document, binary, "sphere")
    outward = positions - gltf_metres(np.float32([[5, 6, 7]]))
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    degrees = np.degrees(np.arccos(np.clip(np.einsum("ij,ij->i", outward, normals), -1, 1)))
    assert degrees.max() < 2
    assert np.median(degrees) < 0.7


def test_the_web_model_follows_the_rules_of_its_extensions() -> None:
    document, binary = read_chunks(encode_web_glb(three_organs()))
    assert document["extensionsRequired"] == [MESHOPT, "KHR_mesh_quantization"]
    stored, fallback = document["buffers"]
    assert fallback["extensions"] == {MESHOPT: {"fallback": True}}
    assert "uri" not in fallback
    assert 0 <= len(binary) - stored["byteLength"] < 4
    for view in document["bufferViews"]:
        packed = view["extensions"][MESHOPT]
        assert (view["buffer"], packed["buffer"]) == (1, 0)
        assert view["byteLength"] == packed["byteStride"] * packed["count"]
        assert view.get("byteStride", packed["byteStride"]) == packed["byteStride"]
        assert view["byteOffset"] + view["byteLength"] <= fallback["byteLength"]
        assert packed["byteOffset"] + packed["byteLength"] <= stored["byteLength"]
        if packed["mode"] == "TRIANGLES":
            assert packed["count"] % 3 == 0
            assert packed["byteStride"] in {2, 4}
            assert "filter" not in packed


def test_vertices_without_a_face_are_left_out_of_the_web_model() -> None:
    ball = sphere()
    stray = np.vstack([[[900, 900, 900]], ball.vertices_ras_mm]).astype(np.float32)
    document, binary = read_chunks(
        encode_web_glb([replace(ball, vertices_ras_mm=stray, faces=ball.faces + 1)])
    )
    positions, _, _ = _world(document, binary, "sphere")
    assert len(positions) == len(ball.vertices_ras_mm)
    assert np.abs(positions).max() == pytest.approx(0.02, abs=1e-5)


def test_the_web_model_is_a_fraction_of_the_plain_one() -> None:
    ball = [sphere(subdivisions=6)]
    assert len(encode_web_glb(ball)) < len(_plain_glb(ball)) / 6


@ENCODERS
def test_the_same_meshes_give_the_same_bytes(encode: Any) -> None:
    assert encode(three_organs()) == encode(three_organs())


def test_a_mesh_without_extent_is_still_a_model() -> None:
    point = replace(
        sphere(),
        vertices_ras_mm=np.full((3, 3), 7, np.float32),
        faces=np.array([[0, 1, 2]], np.int32),
    )
    document, binary = read_chunks(encode_web_glb([point]))
    positions, _, _ = _world(document, binary, "sphere")
    expected = np.tile([-0.007, 0.007, 0.007], (3, 1))
    assert positions == pytest.approx(expected, abs=STEP_MM / 2000)
