"""What every object store promises; presigned URLs are used as a browser uses them."""

import gzip
from pathlib import Path

import httpx
import pytest
from iris_oculus.ports import ObjectStore, StoredObject, UploadedPart

from tests.fakes import FakeObjectStore

MIB = 2**20


def put(objects: ObjectStore, url: str, key: str, body: bytes) -> None:
    if isinstance(objects, FakeObjectStore):
        objects.put(key, body)
    else:
        headers = {"Content-Type": "application/octet-stream"}
        httpx.put(url, content=body, headers=headers, trust_env=False).raise_for_status()


def put_part(objects: ObjectStore, url: str, key: str, number: int, body: bytes) -> None:
    if isinstance(objects, FakeObjectStore):
        objects.put_part(key, number, body)
    else:
        answer = httpx.put(url, content=body, trust_env=False)
        answer.raise_for_status()
        assert answer.headers["ETag"]


def test_an_object_comes_back_as_it_was_written(objects: ObjectStore) -> None:
    assert objects.head("jobs/a/scan") is None
    objects.write("jobs/a/scan", b"hello", content_type="text/plain")
    stored = objects.head("jobs/a/scan")
    assert stored == StoredObject("jobs/a/scan", 5, stored.etag if stored else "", "text/plain")
    assert objects.read("jobs/a/scan") == b"hello"
    assert objects.read("jobs/a/scan", first_bytes=2) == b"he"
    assert objects.read("jobs/a/scan", first_bytes=100) == b"hello"


def test_what_is_not_there_is_a_key_error(objects: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        objects.read("nothing")
    with pytest.raises(KeyError):
        objects.download("nothing", tmp_path / "file")
    with pytest.raises(KeyError):
        objects.copy(source_key="nothing", target_key="something")
    with pytest.raises(KeyError):
        objects.parts("nothing", upload_id="nothing")


def test_files_go_in_and_out_and_are_copied(objects: ObjectStore, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(bytes(range(256)) * 1000)
    objects.upload(file, "jobs/a/scan", content_type="application/octet-stream")
    objects.copy(source_key="jobs/a/scan", target_key="jobs/b/scan")
    objects.download("jobs/b/scan", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == file.read_bytes()


@pytest.mark.parametrize("encoding", [None, "gzip"])
def test_what_is_packed_for_its_way_is_known(
    objects: ObjectStore, tmp_path: Path, encoding: str | None
) -> None:
    file = tmp_path / "file"
    file.write_bytes(gzip.compress(b"packed"))
    key = "jobs/a/artifacts/model.web.glb"
    objects.upload(file, key, content_type="model/gltf-binary", content_encoding=encoding)
    stored = objects.head(key)
    assert stored is not None
    assert stored.content_encoding == encoding


def test_a_prefix_is_deleted_whole_and_alone(objects: ObjectStore) -> None:
    for key in ("jobs/a/scan", "jobs/a/artifacts/x.stl", "jobs/ab/scan"):
        objects.write(key, b"x", content_type="text/plain")
    upload_id = objects.start_multipart("jobs/a/parts", content_type="text/plain")
    assert objects.delete_prefix("jobs/a/") == 2
    assert list(objects.keys("jobs/")) == ["jobs/ab/scan"]
    with pytest.raises(KeyError):
        objects.parts("jobs/a/parts", upload_id=upload_id)
    assert objects.delete_prefix("jobs/a/") == 0


def test_a_presigned_url_takes_one_object(objects: ObjectStore) -> None:
    url = objects.presign_put("jobs/a/scan", expires_s=60, content_type="application/octet-stream")
    put(objects, url, "jobs/a/scan", b"by url")
    assert objects.read("jobs/a/scan") == b"by url"


def test_a_presigned_url_gives_the_object_under_its_name(objects: ObjectStore) -> None:
    objects.write("jobs/a/artifacts/liver.stl", b"solid", content_type="model/stl")
    url = objects.presign_get("jobs/a/artifacts/liver.stl", expires_s=60, download_name="liver.stl")
    if isinstance(objects, FakeObjectStore):
        assert "liver.stl" in url
        return
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in url
    answer = httpx.get(url, trust_env=False).raise_for_status()
    assert answer.content == b"solid"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="liver.stl"'


def test_parts_arrive_in_any_order_are_listed_and_joined(objects: ObjectStore) -> None:
    key = "jobs/a/scan"
    upload_id = objects.start_multipart(key, content_type="application/octet-stream")
    bodies = {1: b"a" * 5 * MIB, 2: b"b" * 5 * MIB, 3: b"c"}
    for number in (3, 1, 2):
        url = objects.presign_part(key, upload_id=upload_id, number=number, expires_s=60)
        put_part(objects, url, key, number, bodies[number])
    parts = objects.parts(key, upload_id=upload_id)
    assert [(part.number, part.size_bytes) for part in parts] == [
        (1, 5 * MIB),
        (2, 5 * MIB),
        (3, 1),
    ]
    assert all(isinstance(part, UploadedPart) for part in parts)
    objects.complete_multipart(key, upload_id=upload_id, parts=parts)
    assert objects.read(key) == b"".join(bodies.values())
    with pytest.raises(KeyError):
        objects.parts(key, upload_id=upload_id)
