"""The front door: real scans, and bytes that are none."""

import gzip
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iris_imaging.limits import ReadLimits
from iris_imaging.scan import describe_scan, pack_dicom_folder, read_scan
from iris_imaging.volume import Modality
from iris_oculus.errors import UnreadableScan
from pydicom import uid

from tests.dicom_series import write_dicom_series, write_enhanced_ct
from tests.unit.iris_imaging.phantoms import affine, ct_phantom

SMALL_CT = ct_phantom()[::2, ::2, ::2]
SMALL = ReadLimits(max_uncompressed_bytes=50_000_000)
MAGICS = [b"", b"\x1f\x8b\x08\0", b"PK\x03\x04", bytes(128) + b"DICM", b"\x08\0\x05\0"]


def _nifti() -> bytes:
    return bytes(nibabel.Nifti1Image(ct_phantom(), affine()).to_bytes())


def _valid_scans() -> list[bytes]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_dicom_series(folder / "series", SMALL_CT, affine())
        pack_dicom_folder(folder / "series", folder / "packed")
        stored = BytesIO()
        with zipfile.ZipFile(stored, "w") as archive:
            for file in sorted((folder / "series").iterdir()):
                archive.write(file, file.name)
        write_enhanced_ct(folder / "enhanced", SMALL_CT, affine())
        write_enhanced_ct(folder / "rle", SMALL_CT, affine(), transfer_syntax=uid.RLELossless)
        return [
            _nifti(),
            gzip.compress(_nifti()),
            bytes(nibabel.Nifti2Image(ct_phantom(), affine()).to_bytes()),
            (folder / "packed").read_bytes(),
            stored.getvalue(),
            (folder / "enhanced").read_bytes(),
            (folder / "rle").read_bytes(),
        ]


VALID = _valid_scans()


def _read_or_refuse(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "scan"
        path.write_bytes(data)
        for read in (describe_scan, read_scan):
            with suppress(UnreadableScan):
                read(path, limits=SMALL)


@given(magic=st.sampled_from(MAGICS), rest=st.binary(max_size=2000))
@settings(max_examples=150, deadline=None)
def test_arbitrary_bytes_are_refused(magic: bytes, rest: bytes) -> None:
    _read_or_refuse(magic + rest)


@given(
    data=st.sampled_from(VALID),
    edits=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), max_size=6),
    cut=st.one_of(st.just(1.0), st.floats(0, 1)),
)
@settings(max_examples=400, deadline=None)
def test_damaged_scans_are_read_or_refused(
    data: bytes, edits: list[tuple[float, bytes]], cut: float
) -> None:
    damaged = bytearray(data)
    for place, patch in edits:
        # Squared: more often at the start, where the headers are.
        start = int(place**2 * (len(data) - 1))
        damaged[start : start + len(patch)] = patch
    _read_or_refuse(bytes(damaged[: int(cut * len(damaged))]))


@pytest.mark.parametrize("data", VALID, ids=["nii", "gz", "nii2", "zip", "stored", "multi", "rle"])
def test_the_undamaged_scans_are_read(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "scan").write_bytes(data)
    assert read_scan(tmp_path / "scan", limits=SMALL).volume.modality is Modality.CT


def test_a_real_ct(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "torso_ct" / "ct.nii.gz"
    scan, reference = read_scan(path), nibabel.load(path)
    assert scan.volume.modality is Modality.CT
    assert scan.description.orientation == "RAS"
    assert scan.description.warnings == ()
    assert scan.volume.voxels.dtype == np.int16  # stored as int32
    np.testing.assert_array_equal(scan.volume.voxels, np.asanyarray(reference.dataobj))
    np.testing.assert_array_equal(scan.volume.affine_ras_mm, reference.affine)

    folder, archive = tmp_path / "series", tmp_path / "scan"
    write_dicom_series(
        folder, scan.volume.voxels, scan.volume.affine_ras_mm, transfer_syntax=uid.JPEGLSLossless
    )
    pack_dicom_folder(folder, archive)
    ours = read_scan(archive)
    np.testing.assert_array_equal(ours.volume.voxels, scan.volume.voxels)
    np.testing.assert_allclose(
        ours.volume.affine_ras_mm, scan.volume.affine_ras_mm, rtol=0, atol=1e-3
    )
    assert ours.content_sha256 == scan.content_sha256
