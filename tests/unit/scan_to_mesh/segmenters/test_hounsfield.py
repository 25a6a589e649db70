"""The embedded engine against phantoms, whose truth is known, and against a real torso."""

from collections.abc import Iterator
from itertools import permutations, product

import nibabel as nib
import numpy as np
import pytest
from iris_imaging.volume import Modality, Volume
from iris_oculus.errors import NothingFound, UnknownStructure, UnknownTask, WrongModality
from iris_oculus.structures import catalogue
from scan_to_mesh.segmenters.hounsfield import HounsfieldSegmenter
from scan_to_mesh.segmenters.hounsfield.tissue import Tissue
from scan_to_mesh.segmenters.protocol import Segmentation, SegmentationRequest, Segmenter

from local_stack.phantom import Phantom, PhantomOptions, make_torso

SPINE = ("vertebrae", "sacrum")
LIMBS = ("hip_", "femur", "humerus", "scapula", "clavicula")
BONES = (*SPINE, *LIMBS, "rib_", "sternum")
MUSCLES = ("autochthon", "gluteus", "iliopsoas")
ORGANS = ("liver", "spleen", "heart", "kidney", "stomach", "pancreas", "aorta")


def request(**changes) -> SegmentationRequest:
    options = {"task": "total", "fast": True, "roi_subset": None, "device": "cpu", **changes}
    return SegmentationRequest(**options)


def ignore(done: int, total: int) -> None:
    pass


def segment(volume: Volume, **changes) -> Segmentation:
    return HounsfieldSegmenter().segment(volume, request(**changes), ignore)


def truth(labels: np.ndarray, prefixes: tuple[str, ...], suffix: str = "") -> np.ndarray:
    structures = catalogue("totalsegmentator")["total"].structures
    return np.isin(
        labels,
        [
            s.label_value
            for s in structures
            if s.name.startswith(prefixes) and s.name.endswith(suffix)
        ],
    )


def dice(a: np.ndarray, b: np.ndarray) -> float:
    return 2 * np.count_nonzero(a & b) / (np.count_nonzero(a) + np.count_nonzero(b))


def scores(found: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    return {
        "lung_left": dice(found == Tissue.LUNG_LEFT, truth(labels, ("lung_",), "left")),
        "lung_right": dice(found == Tissue.LUNG_RIGHT, truth(labels, ("lung_",), "right")),
        "bone": dice(found == Tissue.BONE, truth(labels, BONES)),
    }


def make(seed: int, mm: float = 5.0, **options) -> Phantom:
    return make_torso(PhantomOptions(seed=seed, spacing_mm=(mm, mm, mm), **options))


@pytest.fixture(scope="module")
def phantom() -> Phantom:
    return make(4, z_low_mm=-200, z_high_mm=230)


@pytest.fixture(scope="module")
def segmentation(phantom) -> Segmentation:
    return segment(phantom.volume)


def test_it_is_a_segmenter_of_the_catalogue():
    segmenter: Segmenter = HounsfieldSegmenter()
    structures = catalogue(segmenter.name)["total"].structures
    assert {s.name.upper(): s.label_value for s in structures} == {
        tissue.name: tissue.value for tissue in Tissue if tissue
    }


# Seeds 4, 7 and 10 have much contrast agent, 11 and 15 little, 13 none; 3 shows no neck.
@pytest.mark.parametrize("seed", [3, 4, 7, 10, 11, 13, 15])
def test_lungs_and_bone_of_phantoms(seed):
    phantom = make(seed, z_low_mm=None, z_high_mm=None)
    found = segment(phantom.volume).label_map.labels
    score = scores(found, phantom.label_map.labels)
    assert score["lung_left"] >= 0.95
    assert score["lung_right"] >= 0.95
    assert score["bone"] >= 0.8


@pytest.mark.parametrize("noise_hu", [0.0, 40.0])
def test_noise_does_not_matter_much(noise_hu):
    phantom = make(6, z_low_mm=-150, z_high_mm=200, noise_hu=noise_hu)
    score = scores(segment(phantom.volume).label_map.labels, phantom.label_map.labels)
    assert min(score["lung_left"], score["lung_right"]) >= 0.95
    assert score["bone"] >= 0.8


def test_airway(phantom, segmentation):
    trachea = truth(phantom.label_map.labels, ("trachea",))
    assert dice(segmentation.label_map.labels == Tissue.AIRWAY, trachea) >= 0.85


def test_muscle_and_fat_are_plausible(phantom, segmentation):
    found, labels = segmentation.label_map.labels, phantom.label_map.labels
    muscles, organs = truth(labels, MUSCLES), truth(labels, ORGANS)
    assert (found[muscles] == Tissue.MUSCLE).mean() > 0.7
    assert (found[organs] == Tissue.MUSCLE).mean() < 0.2
    assert (found[organs] == Tissue.FAT).mean() < 0.05
    hu = phantom.volume.voxels
    assert -115 < hu[found == Tissue.FAT].mean() < -85
    assert 30 < hu[found == Tissue.MUSCLE].mean() < 70


def test_every_voxel_of_the_patient_has_a_label_and_the_table_has_none(phantom, segmentation):
    found, truly = segmentation.label_map.labels, phantom.label_map.labels
    assert (found[truly > 0] > 0).mean() > 0.999
    patient = nib.affines.apply_affine(phantom.volume.affine_ras_mm, np.argwhere(found > 0))
    bones = nib.affines.apply_affine(phantom.volume.affine_ras_mm, np.argwhere(truth(truly, BONES)))
    # The table lies more than this behind the rearmost bone.
    assert patient[:, 1].min() > bones[:, 1].min() - 45


def test_left_is_left(phantom, segmentation):
    labels, affine = segmentation.label_map.labels, segmentation.label_map.affine_ras_mm
    centre = {
        side: nib.affines.apply_affine(affine, np.argwhere(labels == side).mean(axis=0))
        for side in (Tissue.LUNG_LEFT, Tissue.LUNG_RIGHT)
    }
    assert centre[Tissue.LUNG_LEFT][0] < -30
    assert centre[Tissue.LUNG_RIGHT][0] > 30


def orientations() -> Iterator[np.ndarray]:
    for axes, signs in product(permutations(range(3)), product((1, -1), repeat=3)):
        yield np.array(list(zip(axes, signs, strict=True)), float)


def test_all_48_storage_orientations_give_the_same_label_map_in_the_world():
    phantom = make_torso(
        PhantomOptions(seed=4, spacing_mm=(8.0, 7.0, 9.0), z_low_mm=0, z_high_mm=180)
    )
    volume = phantom.volume
    expected = segment(volume).label_map.labels
    assert {Tissue.LUNG_LEFT, Tissue.LUNG_RIGHT, Tissue.BONE} <= set(np.unique(expected))
    seen = set()
    for orientation in orientations():
        voxels = np.ascontiguousarray(nib.apply_orientation(volume.voxels, orientation))
        turn = nib.orientations.inv_ornt_aff(orientation, volume.voxels.shape)
        turned = Volume(voxels, volume.affine_ras_mm @ turn)
        seen.add("".join(nib.aff2axcodes(turned.affine_ras_mm)))
        label_map = segment(turned).label_map
        assert np.array_equal(label_map.affine_ras_mm, turned.affine_ras_mm)
        assert label_map.labels.flags.c_contiguous
        assert np.array_equal(label_map.labels, nib.apply_orientation(expected, orientation))
    assert len(seen) == 48


def test_oblique_and_sheared_grids_keep_their_affine(phantom, segmentation):
    angle = np.deg2rad(12)
    rotation, shear = np.eye(4), np.eye(4)
    rotation[1:3, 1:3] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    shear[1, 2] = 0.1
    for change in (rotation, shear):
        volume = Volume(phantom.volume.voxels, change @ phantom.volume.affine_ras_mm)
        label_map = segment(volume).label_map
        assert np.array_equal(label_map.affine_ras_mm, volume.affine_ras_mm)
        for tissue in (Tissue.LUNG_LEFT, Tissue.LUNG_RIGHT, Tissue.BONE):
            same = segmentation.label_map.labels == tissue
            assert dice(label_map.labels == tissue, same) > 0.98


def test_anisotropic_and_fine_grids_are_worked_at_3_mm_and_refined():
    spacing_mm = (2.0, 1.5, 5.0)
    phantom = make_torso(PhantomOptions(seed=6, spacing_mm=spacing_mm, z_low_mm=20, z_high_mm=150))
    found = segment(phantom.volume).label_map.labels
    assert found.shape == phantom.volume.voxels.shape
    score = scores(found, phantom.label_map.labels)
    assert min(score["lung_left"], score["lung_right"]) >= 0.97
    assert score["bone"] >= 0.85


def test_slices_of_8_mm_are_good_enough_for_lungs():
    phantom = make_torso(
        PhantomOptions(seed=4, spacing_mm=(4.0, 4.0, 8.0), z_low_mm=0, z_high_mm=200)
    )
    score = scores(segment(phantom.volume).label_map.labels, phantom.label_map.labels)
    assert min(score["lung_left"], score["lung_right"]) >= 0.95


def test_a_scan_that_ends_inside_the_lungs_has_them_to_its_end():
    phantom = make(4, z_low_mm=70, z_high_mm=130)
    found = segment(phantom.volume).label_map.labels
    score = scores(found, phantom.label_map.labels)
    assert min(score["lung_left"], score["lung_right"]) >= 0.95
    for side in (Tissue.LUNG_LEFT, Tissue.LUNG_RIGHT):
        assert (found[:, :, [0, -1]] == side).any(axis=(0, 1)).all()


def test_an_abdomen_has_no_lungs():
    phantom = make(4, z_low_mm=-300, z_high_mm=-110)
    found = segment(phantom.volume).label_map.labels
    assert not np.isin(found, (Tissue.LUNG_LEFT, Tissue.LUNG_RIGHT, Tissue.AIRWAY)).any()
    assert dice(found == Tissue.BONE, truth(phantom.label_map.labels, BONES)) >= 0.8


def test_contrast_agent_is_not_bone():
    phantom = make(10, mm=3.0, z_low_mm=None, z_high_mm=None)
    found, truly = segment(phantom.volume).label_map.labels, phantom.label_map.labels
    aorta, heart = truth(truly, ("aorta",)), truth(truly, ("heart",))
    assert np.median(phantom.volume.voxels[aorta]) > 200
    assert (found[aorta] == Tissue.BONE).mean() < 0.35  # its wall at the spine stays
    assert (found[heart] == Tissue.BONE).mean() < 0.05


def test_roi_subset_keeps_the_named_structures_alone(phantom, segmentation):
    subset = segment(phantom.volume, roi_subset=("bone", "lung_right"))
    wanted = (Tissue.BONE, Tissue.LUNG_RIGHT)
    everything = segmentation.label_map.labels
    assert set(subset.label_map.structures) == set(wanted)
    assert np.array_equal(
        subset.label_map.labels, np.where(np.isin(everything, wanted), everything, 0)
    )
    with pytest.raises(UnknownStructure):
        segment(phantom.volume, roi_subset=("liver",))


def test_a_subset_that_is_not_in_the_scan_is_nothing_found():
    legs = make(4, z_low_mm=-300, z_high_mm=-150)
    with pytest.raises(NothingFound):
        segment(legs.volume, roi_subset=("lung_left", "airway"))


def test_an_empty_scan_is_nothing_found():
    air = Volume(np.full((40, 40, 40), -1000, np.int16), np.diag([4.0, 4.0, 4.0, 1.0]))
    with pytest.raises(NothingFound):
        segment(air)


def test_a_scan_of_nothing_but_tissue_is_all_patient_and_doubtful():
    water = Volume(np.full((30, 30, 30), 40, np.int16), np.diag([4.0, 4.0, 4.0, 1.0]))
    found = segment(water)
    assert (found.label_map.labels > 0).all()
    assert [w.code for w in found.warnings] == ["density_doubtful"]


@pytest.mark.parametrize("modality", [Modality.MR, Modality.UNKNOWN])
def test_only_a_ct_has_hounsfield_units(phantom, modality):
    volume = Volume(phantom.volume.voxels, phantom.volume.affine_ras_mm, modality)
    with pytest.raises(WrongModality) as caught:
        segment(volume)
    assert "CT" in caught.value.hint


def test_other_tasks_are_unknown(phantom):
    with pytest.raises(UnknownTask):
        segment(phantom.volume, task="lung_vessels")


def test_the_result_says_what_ran(phantom):
    steps = []
    result = HounsfieldSegmenter().segment(
        phantom.volume, request(device="gpu"), lambda done, total: steps.append((done, total))
    )
    assert steps == [(n, 5) for n in range(1, 6)]
    assert result.engine.name == "hounsfield"
    assert result.engine.device == "cpu"
    assert result.engine.models == []
    assert "Not for diagnosis" in result.engine.limits
    assert [w.code for w in result.warnings] == ["gpu_missing"]
    assert segment(phantom.volume, device="auto").warnings == ()


def test_a_real_torso(shared_data):
    folder = shared_data / "torso_ct"
    image = nib.load(folder / "ct.nii.gz")
    labels = np.asanyarray(nib.load(folder / "labels_total_fast.nii.gz").dataobj)
    voxels = np.asanyarray(image.dataobj)
    found = segment(Volume(voxels, image.affine)).label_map.labels
    score = scores(found, labels)
    assert score["lung_left"] >= 0.94
    assert score["lung_right"] >= 0.94
    assert score["bone"] >= 0.86
    assert not (found == Tissue.AIRWAY).any()
    muscles, organs = truth(labels, MUSCLES), truth(labels, ORGANS)
    assert (found[muscles] == Tissue.MUSCLE).mean() > 0.7
    assert (found[organs] == Tissue.MUSCLE).mean() < 0.2
    assert (found[truth(labels, ("spinal_cord",))] == Tissue.BONE).mean() < 0.05
