import gzip
import hashlib
from pathlib import Path

import pytest
from scan_to_mesh.exporters.artifact import describe_artifact


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("model.glb", "model/gltf-binary"),
        ("model.web.glb", "model/gltf-binary"),
        ("model.obj", "model/obj"),
        ("model.mtl", "model/mtl"),
        ("liver.stl", "model/stl"),
        ("liver.ply", "application/octet-stream"),
        ("segmentation.nii.gz", "application/gzip"),
        ("statistics.json", "application/json"),
        ("statistics.csv", "text/csv; charset=utf-8"),
        ("preview.png", "image/png"),
        ("bundle.zip", "application/zip"),
    ],
)
def test_type_size_and_hash(name: str, content_type: str, tmp_path: Path) -> None:
    content = name.encode() * 999
    (tmp_path / name).write_bytes(content)
    entry = describe_artifact(tmp_path / name)
    assert (entry.name, entry.content_type, entry.content_encoding) == (name, content_type, None)
    assert entry.size_bytes == len(content)
    assert entry.sha256 == hashlib.sha256(content).hexdigest()


def test_what_was_compressed_for_transport_says_so(tmp_path: Path) -> None:
    for name, encoding in {"model.web.glb": "gzip", "segmentation.nii.gz": None}.items():
        (tmp_path / name).write_bytes(gzip.compress(b"content"))
        assert describe_artifact(tmp_path / name).content_encoding == encoding


@pytest.mark.parametrize("name", ["liver.exe", "liver", "two words.stl"])
def test_other_files_are_no_artifacts(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(ValueError, match=r"known|artifact name"):
        describe_artifact(tmp_path / name)
