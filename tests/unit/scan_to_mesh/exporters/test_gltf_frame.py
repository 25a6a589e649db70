import numpy as np
import pytest
from scan_to_mesh.exporters.gltf_frame import RAS_TO_GLTF, gltf_metres, rotate_to_gltf

RIGHT, ANTERIOR, SUPERIOR = np.eye(3, dtype=np.float32)
X, Y, Z = np.eye(3, dtype=np.float32)


def test_the_frame_changes_by_a_rotation_and_never_by_a_mirror() -> None:
    assert np.linalg.det(RAS_TO_GLTF) == pytest.approx(1)
    assert np.array_equal(RAS_TO_GLTF @ RAS_TO_GLTF.T, np.eye(3))


def test_up_is_superior_front_is_anterior_and_the_patients_left_is_plus_x() -> None:
    turned = rotate_to_gltf(np.array([SUPERIOR, ANTERIOR, -RIGHT]))
    assert np.array_equal(turned, [Y, Z, X])


def test_millimetres_become_metres() -> None:
    assert gltf_metres(np.array([[10, 20, 30]], dtype=np.float32)) == pytest.approx(
        np.array([[-0.01, 0.03, 0.02]])
    )
