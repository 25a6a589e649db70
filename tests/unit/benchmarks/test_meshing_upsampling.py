import numpy as np

from tests.benchmarks.meshing.upsampling import true_surfaces, upsample
from tests.mesh_quality import topology, volume_mm3


def test_boundaries_stay_where_they_were_and_become_smooth() -> None:
    index = np.stack(np.meshgrid(*[np.arange(16.0)] * 3, indexing="ij"), axis=-1)
    coarse = (np.linalg.norm(index - 7.4, axis=-1) < 5).astype(np.uint8)
    coarse[13:15, 2:5, 2:5] = 9
    fine = upsample(coarse, (64, 48, 64))

    assert fine.flags.f_contiguous
    assert set(np.unique(fine)) == {0, 1, 9}
    place = (np.argwhere(fine == 1) + 0.5) / [4, 3, 4] - 0.5
    assert np.abs(place.mean(axis=0) - 7.4).max() < 0.05
    radius = np.linalg.norm(place - 7.4, axis=1).max()
    assert 4.6 < radius < 5.4
    # Blurring rounds a box's corners off, and takes no more than those.
    assert 0.5 < (fine == 9).sum() / (36 * (coarse == 9).sum() * 4 / 3) < 1.1


def test_knows_the_surfaces_that_it_samples() -> None:
    coarse = np.zeros((12, 12, 12), np.uint8)
    coarse[:6, 3:9, 3:9], coarse[6:10, 3:9, 3:9] = 1, 2
    shape = (48, 60, 48)
    fine = upsample(coarse, shape)
    surfaces = {value: (vertices, faces) for value, vertices, faces in true_surfaces(coarse, shape)}

    assert surfaces.keys() == {1, 2}
    for value, (vertices, faces) in surfaces.items():
        assert topology(faces).is_closed
        assert abs(volume_mm3(vertices, faces) / (fine == value).sum() - 1) < 0.03
    assert surfaces[1][0].min() == -0.5  # closed where the image ends
    assert abs(surfaces[1][0][:, 0].max() - 23.5) < 1e-3
    assert abs(surfaces[2][0][:, 0].min() - 23.5) < 1e-3
    # Up to there its sides are as wide as further in.
    along = surfaces[1][0][:, 0]
    wide = [np.ptp(surfaces[1][0][np.abs(along - at) < 0.6], axis=0)[1:] for at in (-0.5, 8.0)]
    np.testing.assert_allclose(*wide, atol=0.05)
    rim = surfaces[1][0][np.abs(along + 0.49) < 1e-3]
    np.testing.assert_allclose(np.ptp(rim, axis=0)[1:], wide[1], atol=0.05)
