"""Artifacts as other programs read them."""

import gzip
from io import BytesIO
from typing import Any

import nibabel
import trimesh


def read_label_map(content: bytes) -> Any:
    """``segmentation.nii.gz`` as nibabel's image."""
    return nibabel.Nifti1Image.from_bytes(gzip.decompress(content))


def read_mesh(name: str, content: bytes) -> Any:
    """A mesh file as trimesh has it: all of its bodies in one, vertices as they are stored."""
    kind = name.rpartition(".")[2]
    return trimesh.load(BytesIO(content), file_type=kind, process=False, force="mesh")


def read_scene(content: bytes) -> Any:
    """``model.glb`` as trimesh's scene."""
    return trimesh.load(BytesIO(content), file_type="glb", process=False, force="scene")
