"""What was measured so far, line by line, so that an interrupted run goes on where it was."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self

Kind = Literal["machine", "volume", "time", "quality", "truth", "files"]
"""What it ran on; what was meshed; time and memory; how true meshes are to a label map, and to
analytic shapes; from labels to files on disk."""


@dataclass(frozen=True)
class Record:
    """One measurement.

    Attributes
    ----------
    run : str
        When the run began that it belongs to.
    kind : str
    volume, way : str
    round : int
    figures : mapping of str to Any
        Empty where it failed; ``failure`` then says why.
    failure : str
    """

    run: str
    kind: Kind
    volume: str
    way: str
    round: int
    figures: Mapping[str, Any]
    failure: str = ""


class Records:
    """Records, of a file or in memory; new ones come at the end."""

    def __init__(self, path: Path | None, records: Iterable[Record] = ()) -> None:
        self._path = path
        self._all = list(records)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Records that a file holds, if there is one; new ones are written into it."""
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return cls(path, [Record(**json.loads(line)) for line in lines])

    def add(self, record: Record) -> None:
        """Keep a record, on disk too where these are a file's."""
        self._all.append(record)
        if self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(record)) + "\n")

    def all(self) -> Sequence[Record]:
        """Every record, oldest first."""
        return tuple(self._all)

    def of_run(self, run: str) -> Self:
        """The records of one run alone, in memory."""
        return type(self)(None, [record for record in self._all if record.run == run])

    def find(self, run: str | None, kind: Kind, volume: str, way: str) -> list[Record]:
        """Records of a run (or of all runs), oldest first."""
        return [
            record
            for record in self._all
            if (run is None or record.run == run)
            and (record.kind, record.volume, record.way) == (kind, volume, way)
        ]

    def runs(self) -> Iterator[str]:
        """When each run began, in order."""
        yield from dict.fromkeys(record.run for record in self._all)
