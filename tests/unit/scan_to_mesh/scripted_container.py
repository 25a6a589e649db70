"""The container's server with the scripted engine, as a process of its own.

Arguments: seconds of grace after SIGTERM.
"""

import sys

from iris_oculus.wiring import container_ports
from scan_to_mesh.json_logs import configure_logs
from scan_to_mesh.server import serve
from scan_to_mesh.worker import WorkerPlan

from tests.unit.scan_to_mesh.scripted_segmenter import ScriptedSegmenter

if __name__ == "__main__":
    configure_logs()
    serve(
        WorkerPlan(container_ports, ScriptedSegmenter),
        host="127.0.0.1",
        port=0,
        grace_s=float(sys.argv[1]),
    )
