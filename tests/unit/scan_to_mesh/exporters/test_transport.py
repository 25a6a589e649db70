import gzip
from pathlib import Path

from scan_to_mesh.exporters.artifact import describe_artifact
from scan_to_mesh.exporters.transport import compress_for_transport

MODEL = b"glTF" + bytes(range(256)) * 40


def test_what_is_stored_is_the_file_s_gzip_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "model.web.glb"
    path.write_bytes(MODEL)
    compress_for_transport(path)
    stored = path.read_bytes()

    assert gzip.decompress(stored) == MODEL
    assert len(stored) < len(MODEL) / 4
    entry = describe_artifact(path)
    assert (entry.content_encoding, entry.size_bytes) == ("gzip", len(stored))


def test_the_same_bytes_are_stored_every_time(tmp_path: Path) -> None:
    stored = []
    for folder in ("one", "other"):
        path = tmp_path / folder / "model.web.glb"
        path.parent.mkdir()
        path.write_bytes(MODEL)
        compress_for_transport(path)
        stored.append(path.read_bytes())

    assert stored[0] == stored[1]
