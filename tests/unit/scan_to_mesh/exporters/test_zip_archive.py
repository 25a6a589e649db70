import shutil
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scan_to_mesh.exporters.zip_archive import ZipEntry, write_zip


def entries(folder: Path, contents: dict[str, tuple[bytes, bool]]) -> list[ZipEntry]:
    folder.mkdir(exist_ok=True)
    for name, (content, _) in contents.items():
        (folder / name).write_bytes(content)
    return [ZipEntry(name, folder / name, stored) for name, (_, stored) in contents.items()]


NOISE = np.random.default_rng(1).bytes(5_000_000)  # more than is read at a time
CONTENTS = {
    "model.obj": (b"v 1.0000 2.0000 3.0000\n" * 300_000, False),
    "noise.stl": (NOISE, False),
    "scan.nii.gz": (NOISE, True),
    "empty.csv": (b"", False),
    "none.png": (b"", True),
    "one.json": (b"1", False),
}


def require_equal(archive: Path, contents: dict[str, tuple[bytes, bool]]) -> None:
    with zipfile.ZipFile(archive) as read:
        assert read.testzip() is None
        assert read.namelist() == list(contents)
        assert all(read.read(name) == content for name, (content, _) in contents.items())


@pytest.mark.parametrize("zip64_from", [2**32 - 1, 1_000_000, 10, 4, 0])
def test_zipfile_and_unzip_read_it(zip64_from: int, tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    write_zip(entries(tmp_path / "in", CONTENTS), archive, zip64_from=zip64_from)
    require_equal(archive, CONTENTS)
    if shutil.which("unzip") is not None:
        tested = subprocess.run(["unzip", "-tq", archive], capture_output=True, text=True)
        assert tested.returncode == 0, tested.stdout + tested.stderr


def test_64_bits_are_there_only_where_they_are_needed(tmp_path: Path) -> None:
    files = entries(tmp_path / "in", CONTENTS)
    small, large = tmp_path / "small.zip", tmp_path / "large.zip"
    write_zip(files, small)
    write_zip(files, large, zip64_from=1000)
    assert b"PK\6\6" not in small.read_bytes()[-2000:]
    assert b"PK\6\6" in large.read_bytes()[-2000:]
    with zipfile.ZipFile(small) as read:
        assert {info.extract_version for info in read.infolist()} == {20}
        assert {info.extra for info in read.infolist()} == {b""}
    with zipfile.ZipFile(large) as read:
        assert read.getinfo("noise.stl").extract_version == 45


def test_local_headers_alone_suffice_to_read_it(tmp_path: Path) -> None:
    """As a program does that reads an archive while it arrives."""
    archive = tmp_path / "a.zip"
    write_zip(entries(tmp_path / "in", CONTENTS), archive)
    data, place, found = archive.read_bytes(), 0, {}
    while data[place : place + 4] == b"PK\3\4":
        flags, method = struct.unpack_from("<HH", data, place + 6)
        crc32, packed, size, name_length, extra = struct.unpack_from("<IIIHH", data, place + 14)
        start = place + 30 + name_length + extra
        name = data[place + 30 : place + 30 + name_length].decode()
        body = data[start : start + packed]
        content = zlib.decompress(body, wbits=-15) if method == 8 else body
        assert (flags, len(content), zlib.crc32(content)) == (0, size, crc32)
        found[name] = content
        place = start + packed
    assert found == {name: content for name, (content, _) in CONTENTS.items()}


def test_entries_carry_neither_times_nor_permissions(tmp_path: Path) -> None:
    write_zip(entries(tmp_path / "in", CONTENTS), tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as read:
        for info in read.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert (info.create_system, info.external_attr) == (3, 0o100644 << 16)


@settings(deadline=None, max_examples=30)
@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}\.[a-z]{3}", fullmatch=True),
        st.tuples(st.binary(max_size=300), st.booleans()),
        max_size=5,
    ),
    st.sampled_from([2**32 - 1, 50]),
)
def test_any_files_come_back(
    tmp_path_factory: pytest.TempPathFactory,
    contents: dict[str, tuple[bytes, bool]],
    zip64_from: int,
) -> None:
    folder = tmp_path_factory.mktemp("zip")
    write_zip(entries(folder / "in", contents), folder / "a.zip", zip64_from=zip64_from)
    require_equal(folder / "a.zip", contents)
