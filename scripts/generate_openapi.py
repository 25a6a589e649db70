"""Write docs/openapi.json and docs/manifest.schema.json from the code.

`python scripts/generate_openapi.py` writes both; `--check` only says whether they are up to date.
"""

import argparse
import json
import sys
from pathlib import Path

from iris_oculus.documents import Manifest
from iris_oculus.openapi import document

DOCS = Path(__file__).resolve().parent.parent / "docs"


def generated() -> dict[Path, str]:
    """Text of each generated file."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Manifest.model_json_schema(mode="serialization"),
    }
    return {
        DOCS / "openapi.json": json.dumps(document(), indent=2) + "\n",
        DOCS / "manifest.schema.json": json.dumps(schema, indent=2) + "\n",
    }


def main() -> int:
    """Write or check the files; 1 where a check finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    check = parser.parse_args().check
    stale = [
        path for path, text in generated().items() if not path.exists() or path.read_text() != text
    ]
    for path in stale:
        print(f"{'out of date' if check else 'written'}: {path.name}")
        if not check:
            path.write_text(generated()[path])
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
