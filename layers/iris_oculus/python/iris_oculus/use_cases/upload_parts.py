"""How a large scan is cut into the parts of a multipart upload."""

import math

from iris_oculus.job import Multipart

MIN_PART_BYTES = 16 * 2**20
MAX_PARTS = 10_000


def part_size_bytes(size_bytes: int) -> int:
    """Part size in whole MiB that needs at most 10,000 parts (an S3 limit).

    Parameters
    ----------
    size_bytes : int
        Of the whole scan.
    """
    needed = math.ceil(size_bytes / MAX_PARTS / 2**20) * 2**20
    return max(MIN_PART_BYTES, needed)


def part_sizes_bytes(size_bytes: int, multipart: Multipart) -> dict[int, int]:
    """Size that each part of a scan must have, by part number.

    Parameters
    ----------
    size_bytes : int
        Of the whole scan.
    multipart : Multipart
    """
    full = multipart.part_size_bytes
    last = size_bytes - full * (multipart.part_count - 1)
    return {
        number: full if number < multipart.part_count else last
        for number in range(1, multipart.part_count + 1)
    }
