"""DICOM series: the same voxels and the same place in space as the volume they were made from."""

import logging
import warnings
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pydicom
import pytest
from iris_imaging.scan import Scan, describe_scan, read_scan
from iris_imaging.volume import Modality
from iris_oculus.errors import (
    NotAnImage,
    NotThreeDimensional,
    UnreadableScan,
    UnsupportedTransferSyntax,
    UntrustedGeometry,
)
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate

from tests.dicom_series import PATIENT_NAME, write_dicom_series, write_enhanced_ct
from tests.unit.iris_imaging.phantoms import (
    affine,
    assert_same_markers,
    ct_phantom,
    markers_ras_mm,
    orientations,
    reoriented,
)


def _codes(description: Any) -> list[str]:
    return [warning.code for warning in description.warnings]


def _assert_shows(scan: Scan, voxels: Any, matrix: Any) -> None:
    assert_same_markers(
        markers_ras_mm(scan.volume.voxels, scan.volume.affine_ras_mm),
        markers_ras_mm(voxels, matrix),
    )


def _retagged(path: Path, **tags: Any) -> None:
    image = pydicom.dcmread(path)
    for keyword, value in tags.items():
        if value is None:
            delattr(image, keyword)
        else:
            setattr(image, keyword, value)
    image.save_as(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "series"


# A left-handed grid is read with its slices in the opposite order; its world does not change.
@pytest.mark.parametrize("orientation", orientations(), ids=str)
def test_world_coordinates_in_all_orientations(folder: Path, orientation: Any) -> None:
    voxels, matrix = reoriented(ct_phantom(), affine(rotation_degrees=(7, -11, 5)), orientation)
    write_dicom_series(folder, voxels, matrix)
    scan = read_scan(folder)
    _assert_shows(scan, voxels, matrix)
    assert scan.description.warnings == ()
    if np.linalg.det(matrix) > 0:
        np.testing.assert_array_equal(scan.volume.voxels, voxels)
        np.testing.assert_allclose(scan.volume.affine_ras_mm, matrix, rtol=0, atol=1e-3)


@pytest.mark.parametrize("rotation", [(0, 0, 0), (12, 25, -40)])
@pytest.mark.parametrize("mirrored", [False, True])
def test_nifti_and_dicom_of_one_image_are_one_scan(
    folder: Path, tmp_path: Path, mirrored: bool, rotation: Any
) -> None:
    voxels = ct_phantom()
    matrix = affine((0.9375, 0.703125, 2.5), rotation_degrees=rotation, mirrored=mirrored)
    nifti = tmp_path / "scan"
    nifti.write_bytes(nibabel.Nifti1Image(voxels, matrix).to_bytes())
    write_dicom_series(folder, voxels, matrix, signed=False, intercept=-1024)
    ours, theirs = read_scan(folder), read_scan(nifti)
    assert ours.content_sha256 == theirs.content_sha256
    assert ours.volume.voxels.dtype == theirs.volume.voxels.dtype == np.int16
    right_handed = np.linalg.det(matrix) > 0
    flipped = ours.volume.voxels[:, :, :: 1 if right_handed else -1]
    np.testing.assert_array_equal(flipped, theirs.volume.voxels)


def test_the_description_needs_no_pixels(folder: Path) -> None:
    voxels, matrix = ct_phantom(), affine()
    for path in write_dicom_series(folder, voxels, matrix):
        path.write_bytes(path.read_bytes()[: -2 * voxels[:, :, 0].size])
    description = describe_scan(folder)
    assert description.file_format == "dicom"
    assert description.modality is Modality.CT
    assert description.shape == voxels.shape
    assert description.orientation == "RAS"
    assert description.orientation_trusted
    assert description.series_count == 1
    np.testing.assert_allclose(description.affine_ras_mm, matrix, rtol=0, atol=1e-6)
    with pytest.raises(UnreadableScan):
        read_scan(folder)


def test_gantry_tilt_keeps_its_shear(folder: Path) -> None:
    matrix = affine((0.7, 0.7, 3.0), shear=np.tan(np.radians(17)))
    write_dicom_series(folder, ct_phantom(), matrix)
    scan = read_scan(folder)
    np.testing.assert_allclose(scan.volume.affine_ras_mm, matrix, rtol=0, atol=1e-3)
    assert _codes(scan.description) == ["gantry_tilt"]
    assert "17.0 degrees" in scan.description.warnings[0].message


def test_a_missing_slice(folder: Path) -> None:
    write_dicom_series(folder, ct_phantom(), affine())[4].unlink()
    with pytest.raises(UntrustedGeometry, match="1 of 7 gaps"):
        describe_scan(folder)


@pytest.mark.parametrize(("error_mm", "refused"), [(0.04, False), (0.06, True)])
def test_uneven_spacing(folder: Path, error_mm: float, refused: bool) -> None:
    paths = write_dicom_series(folder, ct_phantom(), affine((0.7, 0.7, 2.0), (0, 0, 0)))
    _retagged(paths[-1], ImagePositionPatient=[0, 0, 16 + error_mm])
    if refused:
        with pytest.raises(UntrustedGeometry, match="1 of 8 gaps"):
            read_scan(folder)
    else:
        assert read_scan(folder).volume.spacing_mm[2] == pytest.approx(2 + error_mm / 8)


def test_a_slice_shifted_sideways(folder: Path) -> None:
    paths = write_dicom_series(folder, ct_phantom(), affine((0.7, 0.7, 2.0), (0, 0, 0)))
    _retagged(paths[3], ImagePositionPatient=[5, 0, 6])
    with pytest.raises(UntrustedGeometry, match="1 of 9 slices are shifted"):
        describe_scan(folder)


@pytest.mark.parametrize("same", [True, False])
def test_repeated_slices(folder: Path, same: bool) -> None:
    voxels, matrix = ct_phantom(), affine()
    write_dicom_series(folder, voxels, matrix, series_uid="1.2.3")
    again = voxels[:, :, :2] + (0 if same else 1)
    write_dicom_series(folder, again, matrix, series_uid="1.2.3")
    assert _codes(describe_scan(folder)) == ["repeated_slices"]
    if same:
        scan = read_scan(folder)
        np.testing.assert_array_equal(scan.volume.voxels, voxels)
        assert "2 slices" in scan.description.warnings[0].message
    else:
        with pytest.raises(NotThreeDimensional, match="same place"):
            read_scan(folder)


@pytest.mark.parametrize("count", [1, 2])
def test_too_few_slices(folder: Path, count: int) -> None:
    write_dicom_series(folder, ct_phantom()[:, :, :count], affine())
    with pytest.raises(NotThreeDimensional):
        describe_scan(folder)


@pytest.mark.parametrize("tag", ["ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"])
@pytest.mark.parametrize("everywhere", [True, False])
def test_missing_geometry(folder: Path, tag: str, everywhere: bool) -> None:
    paths = write_dicom_series(folder, ct_phantom(), affine())
    for path in paths if everywhere else paths[:1]:
        _retagged(path, **{tag: None})
    number = len(paths) if everywhere else 1
    with pytest.raises(UntrustedGeometry, match=f"^{number} slices do not say where they lie"):
        describe_scan(folder)


@pytest.mark.parametrize(
    "tags",
    [
        {"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]},
        {"ImageOrientationPatient": [2, 0, 0, 0, 1, 0]},
        {"ImageOrientationPatient": [0, 0, 0, 0, 0, 0]},
        {"PixelSpacing": [0, 0]},
        {"PixelSpacing": [60, 60]},
        {"PixelSpacing": [-1, 1]},
    ],
    ids=str,
)
def test_absurd_geometry(folder: Path, tags: dict[str, Any]) -> None:
    write_dicom_series(folder, ct_phantom(), affine(), tags=tags)
    with pytest.raises(UntrustedGeometry):
        describe_scan(folder)


def test_the_series_with_most_slices_is_read(folder: Path) -> None:
    voxels, matrix = ct_phantom(), affine()
    write_dicom_series(folder, voxels[:, :, :5], affine((2, 2, 2)))
    write_dicom_series(folder, voxels, matrix)
    write_dicom_series(folder, voxels[:, :, :4], affine((1, 1, 1)))
    scan = read_scan(folder)
    np.testing.assert_array_equal(scan.volume.voxels, voxels)
    assert scan.description.series_count == 3
    assert _codes(scan.description) == ["several_series"]
    assert "3 series" in scan.description.warnings[0].message


def test_of_equally_long_series_the_larger_is_read(folder: Path) -> None:
    voxels = ct_phantom()
    write_dicom_series(folder, voxels[1:], affine())
    write_dicom_series(folder, voxels, affine())
    write_dicom_series(folder, voxels[2:], affine())
    np.testing.assert_array_equal(read_scan(folder).volume.voxels, voxels)


def test_one_series_uid_with_two_orientations_is_two_stacks(folder: Path) -> None:
    voxels = ct_phantom()
    write_dicom_series(folder, voxels, affine(), series_uid="1.2.3")
    coronal, matrix = reoriented(voxels, affine(), np.array([[0, 1], [2, 1], [1, 1]]))
    write_dicom_series(folder, coronal[:, :, :4], matrix, series_uid="1.2.3")
    scan = read_scan(folder)
    np.testing.assert_array_equal(scan.volume.voxels, voxels)
    assert scan.description.series_count == 2


def test_a_scanner_is_preferred_to_what_was_made_of_it(folder: Path) -> None:
    voxels = ct_phantom()
    write_dicom_series(folder, voxels, affine(), modality="PT")
    write_dicom_series(folder, voxels[:, :, :5], affine())
    assert read_scan(folder).volume.voxels.shape[2] == 5


def test_localisers_reports_and_pictures_are_passed_over(folder: Path) -> None:
    voxels, matrix = ct_phantom(), affine()
    write_dicom_series(folder, voxels, matrix, series_uid="1.2.3")
    localiser = {"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}
    many = np.repeat(voxels, 3, axis=2)
    write_dicom_series(folder, many, matrix, series_uid="1.2.3", tags=localiser)
    write_dicom_series(folder, many, matrix, modality="SEG")
    write_dicom_series(folder, many, matrix, tags={"PhotometricInterpretation": "PALETTE COLOR"})
    report = write_dicom_series(folder, voxels[:, :, :1], matrix, modality="SR")[0]
    _retagged(report, Rows=None, Columns=None, PixelData=None)
    scan = read_scan(folder)
    np.testing.assert_array_equal(scan.volume.voxels, voxels)
    assert scan.description.series_count == 1
    assert scan.description.warnings == ()


def test_an_upload_of_localisers_alone(folder: Path) -> None:
    tags = {"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}
    write_dicom_series(folder, ct_phantom(), affine(), tags=tags)
    with pytest.raises(NotAnImage, match="localisers"):
        describe_scan(folder)


def test_other_files_are_passed_over(folder: Path) -> None:
    write_dicom_series(folder / "a" / "b", ct_phantom(), affine())
    (folder / "README.txt").write_text("read me")
    (folder / "empty").touch()
    (folder / "a" / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1000))
    np.testing.assert_array_equal(read_scan(folder).volume.voxels, ct_phantom())


@pytest.mark.parametrize(("modality", "expected"), [("MR", Modality.MR), ("PT", Modality.UNKNOWN)])
def test_modality(folder: Path, modality: str, expected: Modality) -> None:
    write_dicom_series(folder, ct_phantom() + 2000, affine(), modality=modality)
    scan = read_scan(folder)
    assert scan.volume.modality is scan.description.modality is expected
    assert _codes(scan.description) == ([] if modality == "MR" else ["not_hounsfield"])


@pytest.mark.parametrize(
    ("slope", "intercept", "signed", "expected"),
    [
        (1.0, -1024.0, False, np.int16),
        (1.0, -5000.0, False, np.int16),
        (2.0, -1000.0, True, np.int16),
        (0.5, 0.0, True, np.int16),
        (0.25, 0.5, True, np.float32),
    ],
)
def test_rescaling(
    folder: Path, slope: float, intercept: float, signed: bool, expected: Any
) -> None:
    voxels = (ct_phantom() // 2 * 2).astype(np.float64)
    if expected is np.float32:
        voxels += 0.25
    write_dicom_series(folder, voxels, affine(), slope=slope, intercept=intercept, signed=signed)
    scan = read_scan(folder)
    np.testing.assert_array_equal(scan.volume.voxels, voxels)
    assert scan.volume.voxels.dtype == expected


def test_each_slice_has_its_own_rescaling(folder: Path) -> None:
    paths = write_dicom_series(folder, ct_phantom(), affine())
    for k, path in enumerate(paths):
        _retagged(path, RescaleIntercept=str(-k), RescaleSlope="2")
    expected = 2 * ct_phantom() - np.arange(len(paths))
    np.testing.assert_array_equal(read_scan(folder).volume.voxels, expected)


def test_bits_beyond_those_stored_are_ignored(folder: Path) -> None:
    voxels = ct_phantom()
    paths = write_dicom_series(folder, voxels, affine(), signed=False, intercept=-1024)
    for path in paths:  # an overlay in the upper bits, as old scanners wrote them
        image = pydicom.dcmread(path)
        image.BitsStored, image.HighBit = 12, 11
        image.PixelData = (image.pixel_array | 0x4000).astype("<u2").tobytes()
        image.save_as(path)
    np.testing.assert_array_equal(read_scan(folder).volume.voxels, voxels)


def test_monochrome1_means_the_same_intensities(folder: Path) -> None:
    tags = {"PhotometricInterpretation": "MONOCHROME1"}
    write_dicom_series(folder, ct_phantom(), affine(), tags=tags)
    np.testing.assert_array_equal(read_scan(folder).volume.voxels, ct_phantom())


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize("vr", ["US", "SS"])
@pytest.mark.parametrize(("padding", "codes"), [(-1000, []), (-5, ["padding_like_tissue"])])
def test_padding_that_looks_like_tissue(
    folder: Path, padding: int, codes: list[str], vr: str, implicit: bool
) -> None:
    voxels = ct_phantom()
    voxels[:2, :, :4] = padding
    for path in write_dicom_series(folder, voxels, affine()):
        image = pydicom.dcmread(path)
        image.file_meta.TransferSyntaxUID = (
            pydicom.uid.ImplicitVRLittleEndian if implicit else pydicom.uid.ExplicitVRLittleEndian
        )
        image.add_new("PixelPaddingValue", vr, padding if vr == "SS" else padding % 2**16)
        pydicom.dcmwrite(path, image, implicit_vr=implicit, little_endian=True, force_encoding=True)
    scan = read_scan(folder)
    np.testing.assert_array_equal(scan.volume.voxels, voxels)
    assert _codes(scan.description) == codes


def test_lossy_compression_is_told(folder: Path) -> None:
    write_dicom_series(folder, ct_phantom(), affine(), tags={"LossyImageCompression": "01"})
    assert _codes(describe_scan(folder)) == ["lossy_compression"]


def test_files_without_preamble_and_file_meta_information(folder: Path) -> None:
    for path in write_dicom_series(folder, ct_phantom(), affine()):
        image = pydicom.dcmread(path)
        bare = Dataset()
        bare.update(image)
        bare.save_as(path, implicit_vr=True, little_endian=True)
        assert path.read_bytes()[:2] == b"\x08\x00"
    np.testing.assert_array_equal(read_scan(folder).volume.voxels, ct_phantom())


def test_a_damaged_slice_is_not_left_out(folder: Path) -> None:
    path = write_dicom_series(folder, ct_phantom(), affine())[-1]
    _retagged(path, Rows=None)
    with pytest.raises(UnreadableScan, match="damaged"):
        describe_scan(folder)


@pytest.mark.parametrize("undefined_lengths", [False, True])
@pytest.mark.parametrize("transfer_syntax", ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2.5"])
def test_a_multi_frame_file(tmp_path: Path, transfer_syntax: str, undefined_lengths: bool) -> None:
    voxels, matrix, path = ct_phantom(), affine(rotation_degrees=(5, 6, 7)), tmp_path / "scan"
    write_enhanced_ct(
        path,
        voxels,
        matrix,
        transfer_syntax=transfer_syntax,
        frame_order=[3, 0, 8, 1, 2, 7, 4, 6, 5],
        undefined_lengths=undefined_lengths,
    )
    scan = read_scan(path)
    np.testing.assert_array_equal(scan.volume.voxels, voxels)
    np.testing.assert_allclose(scan.volume.affine_ras_mm, matrix, rtol=0, atol=1e-3)
    assert scan.description.modality is Modality.CT


def test_frames_have_their_own_rescaling(tmp_path: Path) -> None:
    voxels = ct_phantom() // 8 * 8
    write_enhanced_ct(tmp_path / "scan", voxels, affine(), slopes=[1, 2, 4] * 3)
    np.testing.assert_array_equal(read_scan(tmp_path / "scan").volume.voxels, voxels)


def test_frames_that_are_not_described(tmp_path: Path) -> None:
    path = tmp_path / "scan"
    write_enhanced_ct(path, ct_phantom(), affine())
    _retagged(path, NumberOfFrames=8)
    with pytest.raises(UnreadableScan, match="each of its frames"):
        describe_scan(path)
    _retagged(path, PerFrameFunctionalGroupsSequence=None, NumberOfFrames=2**31 - 1)
    with pytest.raises(UntrustedGeometry):
        describe_scan(path)


def test_phases_of_a_multi_frame_file(tmp_path: Path) -> None:
    voxels = ct_phantom()
    voxels[..., 8] = voxels[..., 0]
    write_enhanced_ct(tmp_path / "scan", voxels, affine(), frame_order=[*range(9), 0, 1, 2])
    assert _codes(read_scan(tmp_path / "scan").description) == ["repeated_slices"]


@pytest.mark.parametrize(
    "uid", ["1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.201", "1.2.3.4.5.6.7"]
)
def test_unknown_transfer_syntaxes(folder: Path, uid: str) -> None:
    for path in write_dicom_series(folder, ct_phantom(), affine()):
        image = pydicom.dcmread(path)
        image.file_meta.TransferSyntaxUID = uid
        image.PixelData = encapsulate([image.PixelData])
        image["PixelData"].is_undefined_length = True
        pydicom.dcmwrite(path, image, implicit_vr=False, little_endian=True, force_encoding=True)
    with pytest.raises(UnsupportedTransferSyntax) as caught:
        describe_scan(folder)
    assert "1.2.3.4" not in caught.value.message


def test_deflated_files(folder: Path) -> None:
    for path in write_dicom_series(folder, ct_phantom(), affine()):
        image = pydicom.dcmread(path)
        image.file_meta.TransferSyntaxUID = pydicom.uid.DeflatedExplicitVRLittleEndian
        image.save_as(path)
    with pytest.raises(UnsupportedTransferSyntax, match="deflated"):
        describe_scan(folder)


def test_nobody_is_named_anywhere(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = PATIENT_NAME.split("^", maxsplit=1)[0]
    bad = {"StudyDate": f"{secret}-date", "SeriesDescription": secret * 20}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the writer's own
        write_dicom_series(folder, ct_phantom(), affine(), tags=bad)
    caplog.clear()
    text = [repr(describe_scan(folder)), repr(read_scan(folder).description)]
    next(folder.iterdir()).unlink()
    for path in sorted(folder.iterdir())[:1]:
        path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UnreadableScan) as caught:
        read_scan(folder)
    text += [caught.value.message, caught.value.hint, repr(caught.value), caplog.text]
    assert not any(secret in part for part in text)
