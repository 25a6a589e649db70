"""NIfTI files: every orientation, number type and byte order; nothing guessed in silence."""

import gzip
import struct
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
from iris_imaging.limits import ReadLimits
from iris_imaging.scan import describe_scan, read_scan
from iris_imaging.volume import Modality
from iris_oculus.errors import (
    NotAnImage,
    NotThreeDimensional,
    UnreadableScan,
    UntrustedGeometry,
)

from tests.unit.iris_imaging.phantoms import (
    SHAPE,
    affine,
    assert_same_markers,
    ct_phantom,
    markers_ras_mm,
    orientations,
    reoriented,
)


def _save(path: Path, image: Any, *, gzipped: bool = False) -> Path:
    data = image.to_bytes()
    path.write_bytes(gzip.compress(data) if gzipped else data)
    return path


def _nifti(voxels: Any, matrix: Any, dtype: Any = None) -> Any:
    return nibabel.Nifti1Image(voxels, matrix, dtype=dtype)


def _codes(warnings: Any) -> list[str]:
    return [warning.code for warning in warnings]


@pytest.fixture
def scan_path(tmp_path: Path) -> Path:
    """Like the object in the bucket: a name that says nothing."""
    return tmp_path / "scan"


@pytest.mark.parametrize("orientation", orientations(), ids=str)
def test_world_coordinates_and_hash_do_not_depend_on_the_axis_order(
    scan_path: Path, orientation: Any
) -> None:
    voxels, matrix = ct_phantom(), affine(rotation_degrees=(7, -11, 5))
    reference = read_scan(_save(scan_path.with_name("reference"), _nifti(voxels, matrix)))
    turned, turned_affine = reoriented(voxels, matrix, orientation)
    scan = read_scan(_save(scan_path, _nifti(turned, turned_affine)))
    assert_same_markers(
        markers_ras_mm(scan.volume.voxels, scan.volume.affine_ras_mm),
        markers_ras_mm(voxels, matrix),
        atol=1e-4,
    )
    np.testing.assert_array_equal(scan.volume.voxels, turned)
    assert scan.description.orientation == "".join(nibabel.aff2axcodes(turned_affine))
    assert scan.content_sha256 == reference.content_sha256


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("gzipped", [False, True])
@pytest.mark.parametrize("nifti_class", [nibabel.Nifti1Image, nibabel.Nifti2Image])
def test_geometry_is_the_files_own(
    scan_path: Path, nifti_class: Any, gzipped: bool, mirrored: bool
) -> None:
    voxels = ct_phantom()
    matrix = affine((0.5, 1.5, 4), rotation_degrees=(20, 10, -35), mirrored=mirrored, shear=0.2)
    _save(scan_path, nifti_class(voxels, matrix), gzipped=gzipped)
    description, scan = describe_scan(scan_path), read_scan(scan_path)
    for found in (description.affine_ras_mm, scan.volume.affine_ras_mm):
        np.testing.assert_allclose(found, matrix, rtol=0, atol=1e-4)
    np.testing.assert_array_equal(scan.volume.voxels, voxels)
    assert (np.linalg.det(scan.volume.affine_ras_mm[:3, :3]) < 0) == mirrored
    assert description.file_format == "nifti"
    assert description.shape == scan.description.shape == SHAPE
    assert (description.modality, scan.description.modality) == (Modality.UNKNOWN, Modality.CT)
    assert scan.volume.modality is Modality.CT
    assert description.orientation_trusted
    assert description.series_count == 1
    assert description.warnings == scan.description.warnings == ()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("i1", np.int16),
        ("u1", np.int16),
        ("i2", np.int16),
        ("u2", np.int16),
        ("i4", np.int16),
        ("u4", np.int16),
        ("i8", np.int16),
        ("u8", np.int16),
        ("f4", np.int16),
        ("f8", np.int16),
    ],
)
def test_number_types_and_byte_orders(
    scan_path: Path, order: str, stored: str, expected: Any
) -> None:
    voxels = np.abs(ct_phantom()) % 100
    header = nibabel.Nifti1Header(endianness=order)
    header.set_data_dtype(np.dtype(order + stored))
    image = nibabel.Nifti1Image(voxels.astype(order + stored), affine(), header)
    scan = read_scan(_save(scan_path, image))
    assert scan.volume.voxels.dtype == expected
    np.testing.assert_array_equal(scan.volume.voxels, voxels)


@pytest.mark.parametrize(
    ("stored", "value", "expected"),
    [
        ("i4", 40_000, np.int32),
        ("u2", 65_535, np.int32),
        ("f8", 0.25, np.float32),
        ("f8", 70_000.0, np.int32),
        ("u4", 2**31, np.float32),
    ],
)
def test_the_narrowest_faithful_type(
    scan_path: Path, stored: str, value: float, expected: Any
) -> None:
    voxels = np.zeros(SHAPE, stored)
    voxels[3, 4, 8] = value
    scan = read_scan(_save(scan_path, _nifti(voxels, affine(), stored)))
    assert scan.volume.voxels.dtype == expected
    np.testing.assert_array_equal(scan.volume.voxels, voxels)


@pytest.mark.parametrize(("slope", "inter"), [(1.0, -1024.0), (2.0, 10.0), (0.5, 3.25)])
def test_scaling(scan_path: Path, slope: float, inter: float) -> None:
    image = _nifti(ct_phantom(), affine())
    data = bytearray(image.to_bytes())
    struct.pack_into("<ff", data, 112, slope, inter)  # scl_slope, scl_inter
    scan_path.write_bytes(data)
    scan = read_scan(scan_path)
    np.testing.assert_array_equal(scan.volume.voxels, ct_phantom() * slope + inter)
    whole = slope.is_integer() and inter.is_integer()
    assert scan.volume.voxels.dtype == (np.int16 if whole else np.float32)


def test_a_fourth_axis_of_one_is_dropped(scan_path: Path) -> None:
    scan = read_scan(_save(scan_path, _nifti(ct_phantom()[..., None], affine())))
    np.testing.assert_array_equal(scan.volume.voxels, ct_phantom())


@pytest.mark.parametrize(
    "shape", [(8, 8), (8, 8, 8, 2), (8, 8, 1), (8, 8, 2), (8, 8, 1, 30), (8, 8, 8, 1, 3)]
)
def test_what_is_no_volume(scan_path: Path, shape: tuple[int, ...]) -> None:
    _save(scan_path, _nifti(np.zeros(shape, np.int16), affine()))
    with pytest.raises(NotThreeDimensional):
        describe_scan(scan_path)
    with pytest.raises(NotThreeDimensional):
        read_scan(scan_path)


def test_no_orientation_is_not_trusted(scan_path: Path) -> None:
    image = _nifti(ct_phantom(), None)
    image.header.set_zooms((0.8, 0.7, 2.5))
    image.header.set_sform(None, 0)
    image.header.set_qform(None, 0)
    image = nibabel.Nifti1Image(ct_phantom(), None, image.header)
    scan = read_scan(_save(scan_path, image))
    assert not scan.description.orientation_trusted
    assert _codes(scan.description.warnings) == ["orientation_unknown"]
    assert scan.volume.spacing_mm == pytest.approx((0.8, 0.7, 2.5))


@pytest.mark.parametrize(("shift_mm", "codes"), [(0.3, []), (0.4, ["affine_conflict"])])
def test_sform_and_qform_may_differ_by_half_a_voxel(
    scan_path: Path, shift_mm: float, codes: list[str]
) -> None:
    image = _nifti(ct_phantom(), affine((0.7, 0.7, 2.5)))
    moved = image.affine.copy()
    moved[2, 3] += shift_mm
    image.header.set_sform(image.affine, 1)
    image.header.set_qform(moved, 1)
    description = describe_scan(_save(scan_path, image))
    assert _codes(description.warnings) == codes
    np.testing.assert_allclose(description.affine_ras_mm, image.affine, atol=1e-5)


def test_a_rotation_that_only_shows_far_from_the_origin_is_a_conflict(scan_path: Path) -> None:
    voxels = np.zeros((60, 60, 60), np.int16)
    image = _nifti(voxels, affine((1, 1, 1)))
    image.header.set_sform(image.affine, 1)
    image.header.set_qform(affine((1, 1, 1), rotation_degrees=(0, 0, 1)), 1)
    assert _codes(describe_scan(_save(scan_path, image)).warnings) == ["affine_conflict"]


def test_the_qform_is_used_where_there_is_no_sform(scan_path: Path) -> None:
    matrix = affine(rotation_degrees=(3, 4, 5))
    image = _nifti(ct_phantom(), matrix)
    image.header.set_sform(None, 0)
    image.header.set_qform(matrix, 1)
    description = describe_scan(_save(scan_path, image))
    np.testing.assert_allclose(description.affine_ras_mm, matrix, atol=1e-4)
    assert description.orientation_trusted


@pytest.mark.parametrize(("unit", "factor"), [("meter", 1e-3), ("micron", 1e3), ("unknown", 1.0)])
def test_units_become_mm(scan_path: Path, unit: str, factor: float) -> None:
    matrix = affine()
    stored = matrix.copy()
    stored[:3] *= factor
    image = _nifti(ct_phantom(), stored)
    image.header.set_xyzt_units(unit)
    description = describe_scan(_save(scan_path, image))
    np.testing.assert_allclose(description.affine_ras_mm, matrix, rtol=1e-6, atol=1e-4)


@pytest.mark.parametrize(
    "matrix",
    [
        affine((0.0, 1, 1)),
        affine((51, 1, 1)),
        affine((1, 0.009, 1)),
        affine((1, 1, 1), shear=20.0),
        affine(origin=(0, 1e7, 0)),
    ],
    ids=["flat", "huge", "tiny", "skewed", "far"],
)
def test_absurd_geometry(scan_path: Path, matrix: Any) -> None:
    image = _nifti(ct_phantom(), None)
    image.header.set_sform(matrix, 1)
    scan_path.write_bytes(image.header.binaryblock + bytes(4) + ct_phantom().tobytes(order="F"))
    data = bytearray(scan_path.read_bytes())
    struct.pack_into("<f", data, 108, 352)  # vox_offset
    data[344:348] = b"n+1\0"
    scan_path.write_bytes(data)
    with pytest.raises(UntrustedGeometry):
        describe_scan(scan_path)
    with pytest.raises(UntrustedGeometry):
        read_scan(scan_path)


def test_non_finite_voxels_of_a_ct_become_air(scan_path: Path) -> None:
    voxels = ct_phantom().astype(np.float32)
    voxels[0, 0, 0], voxels[5, 5, 5], voxels[9, 9, 8] = np.nan, np.inf, -np.inf
    scan = read_scan(_save(scan_path, _nifti(voxels, affine())))
    assert _codes(scan.description.warnings) == ["non_finite_voxels"]
    assert scan.description.warnings[0].message.startswith("3 voxels")
    expected = np.where(np.isfinite(voxels), voxels, -1024)
    np.testing.assert_array_equal(scan.volume.voxels, expected)


def test_not_one_finite_voxel(scan_path: Path) -> None:
    _save(scan_path, _nifti(np.full(SHAPE, np.nan, np.float32), affine()))
    with pytest.raises(UnreadableScan, match="finite"):
        read_scan(scan_path)


def test_what_is_no_ct_is_called_unknown(scan_path: Path) -> None:
    voxels = (np.abs(ct_phantom()) % 400).astype(np.float32)
    voxels[0, 0, 0] = np.nan
    scan = read_scan(_save(scan_path, _nifti(voxels, affine())))
    assert scan.volume.modality is scan.description.modality is Modality.UNKNOWN
    assert _codes(scan.description.warnings) == ["not_hounsfield", "non_finite_voxels"]
    assert scan.volume.voxels[0, 0, 0] == np.nanmin(voxels)  # not CT's air


@pytest.mark.parametrize("gzipped", [False, True])
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_truncated_files(scan_path: Path, gzipped: bool, kept: float) -> None:
    rng = np.random.default_rng(1)
    voxels = rng.integers(-1000, 1000, (30, 30, 30)).astype(np.int16)
    data = _save(scan_path, _nifti(voxels, affine()), gzipped=gzipped).read_bytes()
    scan_path.write_bytes(data[: int(kept * len(data))])
    with pytest.raises(UnreadableScan, match="truncated"):
        read_scan(scan_path)


def test_a_wrong_checksum_of_gzip_is_noticed(scan_path: Path) -> None:
    data = bytearray(_save(scan_path, _nifti(ct_phantom(), affine()), gzipped=True).read_bytes())
    data[-8] ^= 1
    scan_path.write_bytes(data)
    with pytest.raises(UnreadableScan, match="damaged"):
        read_scan(scan_path)


def test_a_header_that_promises_more_than_gzip_can_hold(scan_path: Path) -> None:
    data = bytearray(_nifti(ct_phantom(), affine()).to_bytes())
    struct.pack_into("<3h", data, 42, 2000, 2000, 2000)  # dim[1..3]
    scan_path.write_bytes(gzip.compress(data))
    with pytest.raises(UnreadableScan, match="truncated"):
        describe_scan(scan_path)


def test_a_header_that_promises_more_than_the_limit(scan_path: Path) -> None:
    _save(scan_path, _nifti(ct_phantom(), affine()), gzipped=True)
    with pytest.raises(UnreadableScan, match="GiB"):
        describe_scan(scan_path, limits=ReadLimits(max_uncompressed_bytes=1000))


@pytest.mark.parametrize(
    "dtype", [np.dtype("c8"), np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])]
)
def test_colours_and_complex_numbers(scan_path: Path, dtype: Any) -> None:
    _save(scan_path, _nifti(np.zeros(SHAPE, dtype), affine(), dtype))
    with pytest.raises(UnreadableScan, match="intensities"):
        describe_scan(scan_path)


def test_two_file_images_are_explained(scan_path: Path) -> None:
    data = bytearray(_nifti(ct_phantom(), affine()).to_bytes())
    data[344:348] = b"ni1\0"
    scan_path.write_bytes(data)
    with pytest.raises(UnreadableScan, match="two-file"):
        describe_scan(scan_path)


@pytest.mark.parametrize(
    "content", [b"", b"hello", bytes(2000), gzip.compress(b"a tar file", mtime=0)]
)
def test_other_files(scan_path: Path, content: bytes) -> None:
    scan_path.write_bytes(content)
    with pytest.raises(NotAnImage):
        describe_scan(scan_path)
