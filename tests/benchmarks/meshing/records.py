"""What was measured so far, line by line, so that an interrupted run goes on where it was."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Kind = Literal["time", "quality", "truth", "files"]
"""Time and memory; quality; distances to analytic shapes; from a label map to files on disk."""


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
    """A file of records; new ones come at its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._all: list[Record] = []
        if path.exists():
            lines = path.read_text(encoding="utf-8").splitlines()
            self._all = [Record(**json.loads(line)) for line in lines]

    def add(self, record: Record) -> None:
        """Keep a record, on disk too."""
        self._all.append(record)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(record)) + "\n")

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
