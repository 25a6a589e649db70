"""The container's entry point: ``inference.py serve``."""

import sys

from scan_to_mesh.server import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
