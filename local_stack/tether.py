"""Ties a child process to its parent: ``python tether.py SIGTERM COMMAND…``.

The command gets the signal when the parent ends, however it ends. A stack that is killed outright
cannot stop its children; without this they would keep its ports and its data folder.

Run as a plain script by whatever interpreter the child uses, so it imports nothing but the
standard library.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1  # linux/prctl.h
POLL_S = 0.5


def main(when_orphaned: signal.Signals, command: list[str]) -> int:
    """Run the command so that it gets a signal when this process's parent dies.

    Parameters
    ----------
    when_orphaned : signal
    command : list of str
        Program and arguments.

    Returns
    -------
    int
        The command's exit status. On Linux this never returns: the command takes this process's
        place, so that its pid is the one that the parent knows.
    """
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, when_orphaned)
        if os.getppid() != parent:  # it died before the call above
            return 1
        os.execvp(command[0], command)  # noqa: S606 - the command is our own, no shell wanted
    child = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    while child.poll() is None:
        if os.getppid() != parent:
            child.send_signal(when_orphaned)
        time.sleep(POLL_S)
    return child.returncode


if __name__ == "__main__":
    sys.exit(main(signal.Signals[sys.argv[1]], sys.argv[2:]))
