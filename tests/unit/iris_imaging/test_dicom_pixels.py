"""Every transfer syntax gives the very same voxels."""

import warnings
from pathlib import Path
from typing import Any

import gdcm
import numpy as np
import pydicom
import pytest
from iris_imaging.limits import ReadLimits
from iris_imaging.scan import describe_scan, read_scan
from iris_oculus.errors import UnreadableScan
from pydicom import uid

from tests.dicom_series import transcode, write_dicom_series, write_enhanced_ct
from tests.unit.iris_imaging.phantoms import affine, ct_phantom

LOSSLESS = [
    uid.ImplicitVRLittleEndian,
    uid.ExplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
    uid.RLELossless,
    uid.JPEGLossless,
    uid.JPEGLosslessSV1,
    uid.JPEGLSLossless,
    uid.JPEG2000Lossless,
]


def noisy_phantom() -> Any:
    """With all of 16 bits, which no codec can take for smooth."""
    voxels = np.random.default_rng(3).integers(-(2**15), 2**15, (43, 37, 4)).astype(np.int16)
    voxels[0, :, 0] = np.linspace(-(2**15), 2**15 - 1, 37)
    return voxels


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("syntax", LOSSLESS, ids=lambda syntax: syntax.keyword)
def test_lossless_transfer_syntaxes_are_exact(
    tmp_path: Path, syntax: uid.UID, signed: bool
) -> None:
    voxels = noisy_phantom()
    intercept = 0.0 if signed else -(2.0**15)
    write_dicom_series(
        tmp_path, voxels, affine(), transfer_syntax=syntax, signed=signed, intercept=intercept
    )
    scan = read_scan(tmp_path)
    np.testing.assert_array_equal(scan.volume.voxels, voxels)
    np.testing.assert_allclose(scan.volume.affine_ras_mm, affine(), rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    "syntax",
    [uid.JPEGLosslessSV1, uid.JPEGLSLossless, uid.JPEG2000Lossless],
    ids=lambda s: s.keyword,
)
def test_compressed_multi_frame_files(tmp_path: Path, syntax: uid.UID) -> None:
    path = tmp_path / "scan"
    write_enhanced_ct(
        path, noisy_phantom(), affine(), transfer_syntax=syntax, frame_order=[2, 0, 3, 1]
    )
    np.testing.assert_array_equal(read_scan(path).volume.voxels, noisy_phantom())


@pytest.mark.parametrize(
    ("syntax", "bits"),
    [
        (gdcm.TransferSyntax.JPEGBaselineProcess1, 8),
        (gdcm.TransferSyntax.JPEGExtendedProcess2_4, 12),
    ],
    ids=["baseline", "extended"],
)
def test_lossy_jpeg(tmp_path: Path, syntax: int, bits: int) -> None:
    voxels = np.broadcast_to(np.arange(0, 2**bits, 2**bits // 32)[:32, None, None], (32, 16, 3))
    for path in write_dicom_series(tmp_path, voxels, affine(), signed=False):
        _compress_lossy(path, syntax, bits)
    found = read_scan(tmp_path).volume.voxels
    assert np.abs(found - voxels).max() <= 2**bits / 64


def _compress_lossy(path: Path, syntax: int, bits: int) -> None:
    image = pydicom.dcmread(path)
    pixels = image.pixel_array
    image.BitsStored, image.HighBit = bits, bits - 1
    if bits == 8:
        image.BitsAllocated = 8
        image.PixelData = pixels.astype(np.uint8).tobytes()
        image["PixelData"].VR = "OB"
    image.save_as(path)
    codec = gdcm.JPEGCodec()
    codec.SetLossless(False)
    codec.SetQuality(100)
    transcode(path, syntax, codec)


@pytest.mark.parametrize("syntax", LOSSLESS[1:], ids=lambda syntax: syntax.keyword)
def test_truncated_pixels(tmp_path: Path, syntax: uid.UID) -> None:
    path = write_dicom_series(tmp_path, noisy_phantom(), affine(), transfer_syntax=syntax)[1]
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(UnreadableScan):
        read_scan(tmp_path)


def test_a_matrix_that_the_pixels_do_not_fill(tmp_path: Path) -> None:
    for path in write_dicom_series(tmp_path, ct_phantom(), affine()):
        image = pydicom.dcmread(path)
        image.Rows = 500
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.save_as(path)
    with pytest.raises(UnreadableScan):
        read_scan(tmp_path)


def test_more_voxels_than_the_limit(tmp_path: Path) -> None:
    write_dicom_series(tmp_path, ct_phantom(), affine())
    limits = ReadLimits(max_uncompressed_bytes=2 * ct_phantom().size)
    assert describe_scan(tmp_path, limits=limits).shape == ct_phantom().shape
    with pytest.raises(UnreadableScan, match="GiB"):
        describe_scan(tmp_path, limits=ReadLimits(max_uncompressed_bytes=2 * ct_phantom().size - 1))
