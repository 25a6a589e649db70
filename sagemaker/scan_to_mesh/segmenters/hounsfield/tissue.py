"""The label values of this engine."""

from enum import IntEnum


class Tissue(IntEnum):
    """Label values; the catalogue's entries of the same (lower case) names have the same values."""

    OUTSIDE = 0
    LUNG_LEFT = 1
    LUNG_RIGHT = 2
    AIRWAY = 3
    BONE = 4
    MUSCLE = 5
    FAT = 6
    SOFT_TISSUE_OTHER = 7
    GAS_OTHER = 8
    BODY_SURFACE = 9
