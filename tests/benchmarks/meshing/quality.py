"""How true meshes are to the label map that they were made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.benchmarks.meshing.reference import LabelSurface, Reference
from tests.mesh_distances import nearest_on_mesh
from tests.mesh_quality import (
    Faces,
    Floats,
    Points,
    surface_points,
    topology,
    unit_normals,
    volume_mm3,
    welded,
)

POINTS = 4000
"""On each surface, in each direction; for the maximum, the mesh's vertices and as many again."""


@dataclass(frozen=True)
class Distances:
    """How far the points of one surface lie from another, in mm."""

    p95: float
    p99: float
    largest: float


@dataclass(frozen=True)
class LabelQuality:
    """One label's mesh.

    Attributes
    ----------
    closed, closed_welded : bool
        Edge-manifold, without open edges, consistently wound; as it is, and after welding.
    pinches : int
        Vertices where the surface touches itself, after welding.
    outward : bool
        The volume is above 0.
    volume_error : float
        Share of the voxels' volume; sign aside of the mesh's winding.
    to_surface : Distances
        From the mesh to the label map's own surface.
    from_surface : Distances
        From the label map's own surface to the mesh: what was lost is seen here only.
    """

    closed: bool
    closed_welded: bool
    pinches: int
    outward: bool
    volume_error: float
    to_surface: Distances
    from_surface: Distances


@dataclass(frozen=True)
class Quality:
    """All meshes of one way on one volume; the fields of the table."""

    labels: int
    missing: int
    closed: int
    closed_welded: int
    manifold_welded: int
    outward: int
    volume_error_median: float
    volume_error_worst: float
    to_surface_p95: float
    to_surface_p99: float
    to_surface_max: float
    to_surface_worst: float
    from_surface_p95: float
    from_surface_p99: float
    from_surface_max: float
    from_surface_worst: float
    gap_median: float
    gap_p95: float
    overlap_share: float


Stored = Mapping[int, tuple[Points, Faces]]


def read_meshes(path: Path) -> Stored:
    """Meshes that :mod:`tests.benchmarks.meshing.measured` kept, by label value."""
    with np.load(path) as arrays:
        names = [name[1:] for name in arrays.files if name.startswith("v")]
        return {int(name): (arrays[f"v{name}"], arrays[f"f{name}"]) for name in names}


def assess(meshes: Stored, reference: Reference) -> Quality:
    """Compare meshes with the label map's own surfaces."""
    present = {
        value: surface
        for value, surface in reference.surfaces.items()
        if value in meshes and len(meshes[value][1]) > 3
    }
    each = [_assess_label(*meshes[value], surface) for value, surface in present.items()]
    errors = np.array([one.volume_error for one in each])
    gaps = _gaps_mm(meshes, reference)
    return Quality(
        labels=len(reference.surfaces),
        missing=len(reference.surfaces) - len(present),
        closed=sum(one.closed for one in each),
        closed_welded=sum(one.closed_welded for one in each),
        manifold_welded=sum(one.closed_welded and one.pinches == 0 for one in each),
        outward=sum(one.outward for one in each),
        volume_error_median=float(np.median(errors)),
        volume_error_worst=float(errors[np.abs(errors).argmax()]),
        **_over_labels("to_surface", [one.to_surface for one in each]),
        **_over_labels("from_surface", [one.from_surface for one in each]),
        gap_median=float(np.median(np.abs(gaps))) if len(gaps) else float("nan"),
        gap_p95=float(np.percentile(np.abs(gaps), 95)) if len(gaps) else float("nan"),
        overlap_share=float((gaps < 0).mean()) if len(gaps) else float("nan"),
    )


def _over_labels(prefix: str, found: Sequence[Distances]) -> dict[str, float]:
    return {
        f"{prefix}_p95": float(np.median([one.p95 for one in found])),
        f"{prefix}_p99": float(np.median([one.p99 for one in found])),
        f"{prefix}_max": float(np.median([one.largest for one in found])),
        f"{prefix}_worst": max(one.largest for one in found),
    }


def _assess_label(vertices: Points, faces: Faces, surface: LabelSurface) -> LabelQuality:
    vertices = vertices.astype(np.float64)
    whole = topology(welded(vertices, faces)[1])
    volume = volume_mm3(vertices, faces)
    return LabelQuality(
        closed=topology(faces).is_closed,
        closed_welded=whole.is_closed,
        pinches=whole.bow_ties,
        outward=volume > 0,
        volume_error=abs(volume) / surface.voxels_mm3 - 1,
        to_surface=_distances((vertices, faces), (surface.vertices, surface.faces)),
        from_surface=_distances((surface.vertices, surface.faces), (vertices, faces)),
    )


def _distances(of: tuple[Points, Faces], to: tuple[Points, Faces]) -> Distances:
    points, _ = surface_points(*of, POINTS)
    spread = nearest_on_mesh(points, *to).distances_mm
    corners = of[0][:: max(1, len(of[0]) // POINTS)]
    largest = max(spread.max(), nearest_on_mesh(corners, *to).distances_mm.max())
    p95, p99 = np.percentile(spread, [95, 99])
    return Distances(float(p95), float(p99), float(largest))


def _gaps_mm(meshes: Stored, reference: Reference) -> npt.NDArray[np.float64]:
    """Of all places where two labels touch: how far apart their meshes are there.

    From the place on the first mesh that is nearest to the voxels' common face to the second mesh;
    negative where they overlap.
    """
    gaps: list[Floats] = []
    for (first, second), places in reference.contacts.items():
        if first in meshes and second in meshes:
            here = nearest_on_mesh(places, *meshes[first]).points
            there = nearest_on_mesh(here, *meshes[second])
            normals = unit_normals(*meshes[second])[there.face]
            outside = np.einsum("ij,ij->i", here - there.points, normals) >= 0
            gaps.append(np.where(outside, there.distances_mm, -there.distances_mm))
    return np.concatenate(gaps) if gaps else np.empty(0)
