"""The torso phantom: a synthetic CT to try the system with, and the truth about it."""

from local_stack.phantom.torso import Phantom, PhantomOptions, known_volumes_ml, make_torso

__all__ = ["Phantom", "PhantomOptions", "known_volumes_ml", "make_torso"]
