import subprocess
import sys

from scan_to_mesh.compiled import compile_kernels

COUNT_MISSES = """
import gc, numba
from scan_to_mesh.compiled import compile_kernels
compile_kernels()
kernels = [o for o in gc.get_objects() if isinstance(o, numba.core.dispatcher.Dispatcher)]
ours = [k for k in kernels if k.py_func.__module__.startswith("scan_to_mesh")]
called = [k for k in ours if k.stats.cache_hits or k.stats.cache_misses]
print(len(called), sum(sum(k.stats.cache_misses.values()) for k in called))
"""


def test_what_was_compiled_once_is_not_compiled_again() -> None:
    compile_kernels()
    done = subprocess.run(
        [sys.executable, "-c", COUNT_MISSES], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    kernels, misses = (int(number) for number in done.stdout.split())
    assert kernels > 20
    assert misses == 0
