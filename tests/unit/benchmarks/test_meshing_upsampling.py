import numpy as np

from tests.benchmarks.meshing.upsampling import upsample


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
