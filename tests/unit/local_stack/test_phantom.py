"""The phantom is the truth that others are measured against, so it is checked by geometry."""

import nibabel as nib
import numpy as np
import pytest

from local_stack.phantom import Phantom, PhantomOptions, known_volumes_ml, make_torso
from local_stack.phantom.__main__ import main
from local_stack.phantom.canvas import BACKGROUND, Canvas, Grid

GOLDEN_VOLUMES_ML = {
    "liver": 1609.5,
    "kidney_left": 210.4,
    "lung_lower_lobe_right": 275.2,
    "heart": 460.1,
    "hip_right": 322.9,
    "rib_left_7": 20.4,
    "humerus_right": 33.2,
    "colon": 365.0,
}
GOLDEN_MEAN_HU = {
    "aorta": 92.1,
    "liver": 70.6,
    "lung_lower_lobe_right": -742.7,
    "hip_right": 403.3,
    "humerus_right": 264.5,
    "urinary_bladder": 5.2,
}
COARSE = PhantomOptions(seed=2, spacing_mm=(5.0, 5.0, 5.0))


@pytest.fixture(scope="module")
def phantom() -> Phantom:
    return make_torso(COARSE)


def value_of(phantom: Phantom, name: str) -> int:
    return next(v for v, s in phantom.label_map.structures.items() if s.name == name)


def centroid_ras_mm(phantom: Phantom, name: str) -> np.ndarray:
    index = np.argwhere(phantom.label_map.labels == value_of(phantom, name)).mean(axis=0)
    affine = phantom.label_map.affine_ras_mm
    return affine[:3, :3] @ index + affine[:3, 3]


def test_a_seed_always_gives_the_same_voxels(phantom):
    again = make_torso(COARSE)
    assert np.array_equal(again.volume.voxels, phantom.volume.voxels)
    assert np.array_equal(again.label_map.labels, phantom.label_map.labels)
    other = make_torso(PhantomOptions(seed=3, spacing_mm=(5.0, 5.0, 5.0)))
    assert other.volume.voxels.shape != phantom.volume.voxels.shape


def test_the_order_of_random_draws_stays(phantom):
    # Networks were trained on this distribution; a draw more or less changes every number below.
    volumes = known_volumes_ml(phantom)
    found = {name: volumes[name] for name in GOLDEN_VOLUMES_ML}
    assert found == pytest.approx(GOLDEN_VOLUMES_ML, rel=0.01)
    mean = {
        name: phantom.volume.voxels[phantom.label_map.labels == value_of(phantom, name)].mean()
        for name in GOLDEN_MEAN_HU
    }
    assert mean == pytest.approx(GOLDEN_MEAN_HU, abs=2)


def test_volume_and_label_map_share_one_ras_grid(phantom):
    assert phantom.volume.voxels.dtype == np.int16
    assert phantom.label_map.labels.dtype == np.uint8
    assert phantom.volume.voxels.shape == phantom.label_map.labels.shape
    assert np.array_equal(phantom.volume.affine_ras_mm, phantom.label_map.affine_ras_mm)
    assert nib.aff2axcodes(phantom.volume.affine_ras_mm) == ("R", "A", "S")
    assert phantom.volume.spacing_mm == pytest.approx((5, 5, 5))


def test_left_is_left_and_up_is_up(phantom):
    x_of = {name: centroid_ras_mm(phantom, name)[0] for name in ("liver", "spleen", "heart")}
    assert x_of["liver"] > 30
    assert x_of["spleen"] < -30
    assert x_of["heart"] < 0
    for name in ("kidney", "lung_lower_lobe", "hip", "femur", "scapula", "rib", "autochthon"):
        part = "_5" if name == "rib" else ""
        left = centroid_ras_mm(phantom, f"{name}_left{part}")
        right = centroid_ras_mm(phantom, f"{name}_right{part}")
        assert left[0] < -20 < 20 < right[0]
    heights = [centroid_ras_mm(phantom, f"vertebrae_{n}")[2] for n in ("L5", "L1", "T8", "T1")]
    assert heights == sorted(heights)
    assert centroid_ras_mm(phantom, "sternum")[1] > centroid_ras_mm(phantom, "vertebrae_T6")[1]


@pytest.mark.parametrize(
    ("name", "low_hu", "high_hu"),
    [
        ("liver", 30, 130),
        ("spleen", 30, 140),
        ("lung_lower_lobe_right", -900, -700),
        ("trachea", -1024, -800),
        ("vertebrae_L3", 120, 480),
        ("femur_left", 230, 500),
        ("urinary_bladder", -20, 40),
        ("autochthon_left", 20, 90),
    ],
)
def test_densities_are_realistic(phantom, name, low_hu, high_hu):
    inside = phantom.volume.voxels[phantom.label_map.labels == value_of(phantom, name)]
    assert low_hu < np.median(inside) < high_hu


def test_known_volumes_are_counted_voxels(phantom):
    volumes = known_volumes_ml(phantom)
    liver = np.count_nonzero(phantom.label_map.labels == value_of(phantom, "liver"))
    assert volumes["liver"] == pytest.approx(liver * 0.125)
    assert set(volumes) == {
        phantom.label_map.structures[int(v)].name for v in np.unique(phantom.label_map.labels) if v
    }
    lungs_ml = sum(ml for name, ml in volumes.items() if name.startswith("lung_"))
    assert 1500 < lungs_ml < 7000
    assert 900 < volumes["liver"] < 3000


def test_noise_has_the_asked_standard_deviation():
    options = {"seed": 4, "spacing_mm": (6.0, 6.0, 6.0), "warp_mm": 0.0}
    quiet = make_torso(PhantomOptions(**options, noise_hu=0.0))
    noisy = make_torso(PhantomOptions(**options, noise_hu=25.0))
    tissue = quiet.volume.voxels > -900  # air is clipped at -1024 HU
    difference = (noisy.volume.voxels.astype(float) - quiet.volume.voxels)[tissue]
    assert difference.std() == pytest.approx(25, rel=0.03)
    assert difference.mean() == pytest.approx(0, abs=1)


def test_the_scan_range_is_cut_where_asked():
    chest = make_torso(
        PhantomOptions(seed=2, spacing_mm=(6.0, 6.0, 6.0), z_low_mm=40, z_high_mm=200)
    )
    volumes = known_volumes_ml(chest)
    assert "lung_upper_lobe_left" in volumes
    assert "femur_left" not in volumes
    with pytest.raises(ValueError, match="both ends"):
        PhantomOptions(z_low_mm=None, z_high_mm=100)


def test_painted_ellipsoids_and_tubes_have_their_analytic_volumes():
    grid = Grid(
        shape=(60, 50, 70),
        spacing_mm=np.array([1.0, 1.2, 0.8]),
        origin_ras_mm=np.array([-30.0, -30.0, -28.0]),
    )
    canvas = Canvas(grid, {"ball": 1, "rod": 2}, np.random.default_rng(0), warp_mm=0)
    voxel_ml = 1.0 * 1.2 * 0.8 / 1000
    canvas.ellipsoid((1, 2, 0), (20, 12, 16), label="ball", hu=40, tilt_rad=0.5)
    painted = np.count_nonzero(canvas.labels == 1) * voxel_ml
    assert painted == pytest.approx(4 / 3 * np.pi * 20 * 12 * 16 / 1000, rel=0.01)
    assert (canvas.hu[canvas.labels == 1] == 40).all()
    canvas.labels[:] = 0
    canvas.tube([(0, 0, -15), (0, 0, 15)], 8, label="rod")
    capsule_ml = (np.pi * 8**2 * 30 + 4 / 3 * np.pi * 8**3) / 1000
    assert np.count_nonzero(canvas.labels == 2) * voxel_ml == pytest.approx(capsule_ml, rel=0.02)
    everywhere = (slice(None),) * 3
    canvas.paint(everywhere, canvas.labels == 2, label=BACKGROUND)
    assert not canvas.labels.any()


def test_command_line_writes_scan_and_truth(tmp_path, capsys):
    scan, truth = tmp_path / "scan.nii.gz", tmp_path / "truth.nii.gz"
    assert main([str(scan), "--labels", str(truth), "--seed", "5", "--spacing", "8"]) == 0
    expected = make_torso(PhantomOptions(seed=5, spacing_mm=(8.0, 8.0, 8.0)))
    image = nib.load(scan)
    assert np.array_equal(np.asanyarray(image.dataobj), expected.volume.voxels)
    assert np.allclose(image.affine, expected.volume.affine_ras_mm, atol=1e-4)
    assert np.array_equal(np.asanyarray(nib.load(truth).dataobj), expected.label_map.labels)
    assert "liver" in capsys.readouterr().out
