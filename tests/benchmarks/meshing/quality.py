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

POINTS = 3000
"""On each surface, in each direction; for the maximum, the mesh's vertices and as many again."""


@dataclass(frozen=True)
class Distances:
    """How far the points of one surface lie from another, in mm."""

    p95: float
    p99: float
    largest: float


@dataclass(frozen=True)
class Truth:
    """How far a mesh is from the smooth surface that its label was sampled from."""

    mean: float
    p95: float
    p99: float
    largest: float
    normals: float
    """Mean angle between the normals, degrees."""
    lost: Distances
    """From that surface to the mesh."""


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
    truth : Truth or None
        None where the surface that was sampled is not known.
    """

    closed: bool
    closed_welded: bool
    pinches: int
    outward: bool
    volume_error: float
    to_surface: Distances
    from_surface: Distances
    truth: Truth | None


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
    truth_mean: float | None = None
    truth_p95: float | None = None
    truth_p99: float | None = None
    truth_max: float | None = None
    truth_normals: float | None = None
    truth_lost_p99: float | None = None
    truth_lost_max: float | None = None
    truth_lost_worst: float | None = None


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
    each = [
        _assess_label(*meshes[value], surface, reference.sampled.get(value))
        for value, surface in present.items()
    ]
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
        **_truths([one.truth for one in each if one.truth]),
    )


def _truths(found: Sequence[Truth]) -> dict[str, float]:
    if not found:
        return {}
    typical = {
        "truth_mean": [one.mean for one in found],
        "truth_p95": [one.p95 for one in found],
        "truth_p99": [one.p99 for one in found],
        "truth_max": [one.largest for one in found],
        "truth_normals": [one.normals for one in found],
        "truth_lost_p99": [one.lost.p99 for one in found],
        "truth_lost_max": [one.lost.largest for one in found],
    }
    medians = {name: float(np.median(values)) for name, values in typical.items()}
    return {**medians, "truth_lost_worst": max(one.lost.largest for one in found)}


def _over_labels(prefix: str, found: Sequence[Distances]) -> dict[str, float]:
    return {
        f"{prefix}_p95": float(np.median([one.p95 for one in found])),
        f"{prefix}_p99": float(np.median([one.p99 for one in found])),
        f"{prefix}_max": float(np.median([one.largest for one in found])),
        f"{prefix}_worst": max(one.largest for one in found),
    }


def _assess_label(
    vertices: Points,
    faces: Faces,
    surface: LabelSurface,
    sampled: tuple[Points, Faces] | None,
) -> LabelQuality:
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
        truth=_truth((vertices, faces), sampled) if sampled else None,
    )


def _truth(mesh: tuple[Points, Faces], sampled: tuple[Points, Faces]) -> Truth:
    points, face = surface_points(*mesh, POINTS)
    nearest = nearest_on_mesh(points, *sampled)
    normals = unit_normals(*mesh)[face], unit_normals(*sampled)[nearest.face]
    # Which side is outside is judged elsewhere: a mesh that is inside out may have good normals.
    cosines = np.abs(np.einsum("ij,ij->i", *normals)).clip(0, 1)
    p95, p99 = np.percentile(nearest.distances_mm, [95, 99])
    return Truth(
        mean=float(nearest.distances_mm.mean()),
        p95=float(p95),
        p99=float(p99),
        largest=float(nearest.distances_mm.max()),
        normals=float(np.degrees(np.arccos(cosines)).mean()),
        lost=_distances(sampled, mesh),
    )


def _distances(of: tuple[Points, Faces], to: tuple[Points, Faces]) -> Distances:
    points, _ = surface_points(*of, POINTS)
    corners = of[0][:: max(1, len(of[0]) // POINTS)]
    away = nearest_on_mesh(np.concatenate([points, corners]), *to).distances_mm
    p95, p99 = np.percentile(away[:POINTS], [95, 99])
    return Distances(float(p95), float(p99), float(away.max()))


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
