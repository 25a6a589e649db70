"""How the test weights are made, on a CPU, from synthetic phantoms alone.

In the environment of `make test-totalsegmentator`, from the root of the repository::

    python -m tests.totalsegmentator.training.phantoms build/training --count 200
    python -m tests.totalsegmentator.training.train build/training 6mm --minutes 30
    python -m tests.totalsegmentator.training.train build/training 3mm --minutes 60
    python -m tests.totalsegmentator.training.assemble build/training build/weights

The 3 mm network starts from the trained 6 mm network, which becomes its lower levels.
"""
