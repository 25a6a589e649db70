"""The JSON documents of a job: what the container receives and what it writes.

Field names are snake_case and carry their units. ``schema_version`` rises when a field changes its
meaning or goes away; new fields keep it. The JSON Schema of the manifest is committed as
``docs/manifest.schema.json``.
"""

from dataclasses import asdict
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from iris_oculus.errors import IrisOculusError
from iris_oculus.job import (
    DEFAULT_FORMATS,
    Device,
    ExportFormat,
    JobStatus,
    JobWarning,
    ProcessOptions,
)

Fraction = Annotated[float, Field(ge=0, le=1)]
Matrix4 = list[Annotated[list[float], Field(min_length=4, max_length=4)]]


class Document(BaseModel):
    """Immutable, and strict about names: an unknown field is an error."""

    # Validators are built by the first call that needs them: a function uses few of the models,
    # and would pay for all of them at every cold start.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class WarningEntry(Document):
    """See :class:`iris_oculus.job.JobWarning`."""

    code: str
    message: str

    @classmethod
    def of(cls, warning: JobWarning) -> Self:
        """The entry of a warning."""
        return cls(code=warning.code, message=warning.message)


class FailureEntry(Document):
    """See :class:`iris_oculus.job.Failure`."""

    code: str
    message: str
    hint: str

    @classmethod
    def of(cls, error: IrisOculusError) -> Self:
        """The entry of an error."""
        return cls(code=error.code, message=error.message, hint=error.hint)


class OptionsEntry(Document):
    """See :class:`iris_oculus.job.ProcessOptions`."""

    task: str = "total"
    device: Device = "gpu"
    fast: bool = True
    roi_subset: tuple[str, ...] | None = None
    reduction_percent: Annotated[int, Field(ge=0, le=99)] = 90
    formats: tuple[ExportFormat, ...] = DEFAULT_FORMATS

    @classmethod
    def of(cls, options: ProcessOptions) -> Self:
        """The entry of options."""
        return cls.model_validate(asdict(options))


class Invocation(Document):
    """What the container receives: which job, which attempt, which options."""

    schema_version: Literal[1] = 1
    job_id: str
    attempt: Annotated[int, Field(ge=1)]
    options: OptionsEntry


class EngineEntry(Document):
    """The engine that ran; nobody may take one for the other.

    Attributes
    ----------
    name : str
        ``totalsegmentator`` or ``hounsfield``.
    version : str
    device : str
        What it ran on: ``cpu`` or ``cuda``.
    models : list of str
        Names and hashes of the weights; empty for an engine without weights.
    limits : str
        What its result is not good for, in plain words.
    """

    name: str
    version: str
    device: str
    models: list[str] = []
    limits: str


class GeometryEntry(Document):
    """The grid that the label map lies on.

    Attributes
    ----------
    shape : list of int
        Voxels along each index axis.
    affine_ras_mm : 4x4 matrix
        Voxel index to RAS+ mm.
    spacing_mm : list of float
    orientation : str
        Direction of each index axis, nearest anatomical letters: ``RAS``, ``LPS``.
    orientation_trusted : bool
        False where the file does not say where left is.
    """

    shape: Annotated[list[int], Field(min_length=3, max_length=3)]
    affine_ras_mm: Annotated[Matrix4, Field(min_length=4, max_length=4)]
    spacing_mm: Annotated[list[float], Field(min_length=3, max_length=3)]
    orientation: str
    orientation_trusted: bool


class MeshEntry(Document):
    """One structure's surface mesh, and what became of the structure on its way there.

    A number that cannot be trusted is None. Results of older versions lack the numbers that default
    to None.

    Attributes
    ----------
    triangles, triangles_before : int
        Of the mesh, and of the surface at the voxels' full resolution.
    watertight : bool
        Closed and consistently wound: every edge is shared by exactly two triangles.
    volume_ml : float or None
        Enclosed volume; None where the mesh is not watertight, since it encloses none then.
    surface_cm2 : float
    volume_difference_percent : float or None
        Mesh minus voxels, of the voxels' volume; None where the mesh has no volume.
    deviation_p95_mm, deviation_max_mm : float or None
        95th percentile and maximum of the distance between the mesh and the surface before
        decimation: the larger of both directions, at every vertex of either and at every centre of
        a triangle of the mesh.
    centroid_difference_mm : float or None
        Between the centroid of the enclosed volume and that of the voxels; None where the mesh
        encloses no volume.
    same_side : bool or None
        Whether mesh and voxels lie on the same side, left or right, of the planes about which a
        mistake could have mirrored the mesh; None where the structure lies on the middle or the
        mesh encloses no volume.
    """

    triangles: int
    triangles_before: int
    watertight: bool
    volume_ml: float | None
    surface_cm2: float
    volume_difference_percent: float | None = None
    deviation_p95_mm: float | None = None
    deviation_max_mm: float | None = None
    centroid_difference_mm: float | None = None
    same_side: bool | None = None


class StructureEntry(Document):
    """One structure that was found: what it is, its numbers, its mesh, its files.

    Attributes
    ----------
    voxels : int
    volume_ml : float
        Voxels times voxel volume.
    mean_hu, sd_hu : float or None
        Intensity inside the segment; None where the scan is not in Hounsfield units.
    truncated : bool
        The segment touches a face of the scan: it may go on outside, and every number of it is a
        lower bound.
    centroid_ras_mm : list of float
        Mean position of the segment's voxels.
    mesh : MeshEntry or None
        None with a warning where no mesh could be made.
    """

    name: str
    display_name: str
    label_value: int
    body_system: str
    encloses: bool
    color_rgb: Annotated[list[int], Field(min_length=3, max_length=3)]
    snomed_code: str | None
    snomed_meaning: str | None
    voxels: int
    volume_ml: float
    mean_hu: float | None
    sd_hu: float | None
    truncated: bool
    centroid_ras_mm: Annotated[list[float], Field(min_length=3, max_length=3)]
    mesh: MeshEntry | None


class ArtifactEntry(Document):
    """A file of the result.

    Attributes
    ----------
    name : str
        Flat file name, one path segment of ``GET /files/{jobId}/{filename}``.
    content_encoding : str or None
        ``gzip`` where the stored bytes are compressed for transport.
    size_bytes : int
        As stored.
    sha256 : str
        Hex digest of the stored bytes.
    """

    name: str
    content_type: str
    content_encoding: str | None = None
    size_bytes: int
    sha256: str


class Inspection(Document):
    """What the inspection of an upload found.

    Attributes
    ----------
    accepted : bool
        False where the scan cannot be processed; ``failure`` then says why.
    file_format : {"nifti", "dicom"} or None
    modality : str or None
        ``CT``, ``MR`` or ``unknown``; None where the file could not be read.
    series_count : int or None
    file_sha256 : str
        Hex digest of the bytes as uploaded.
    """

    accepted: bool
    file_sha256: str
    file_format: Literal["nifti", "dicom"] | None = None
    modality: str | None = None
    geometry: GeometryEntry | None = None
    series_count: int | None = None
    warnings: list[WarningEntry] = []
    failure: FailureEntry | None = None


class Manifest(Document):
    """``manifest.json``: everything about a result, for programs. Holds no patient data."""

    schema_version: Literal[1] = 1
    job_id: str
    created_at: str
    software_version: str
    engine: EngineEntry
    options: OptionsEntry
    geometry: GeometryEntry
    structures: list[StructureEntry]
    artifacts: list[ArtifactEntry]
    timings_s: dict[str, float]
    warnings: list[WarningEntry]


class InstanceEntry(Document):
    """The billed machine that an attempt ran on; what its cost is reckoned from.

    Attributes
    ----------
    instance_type : str
        SageMaker's name, as the deployment told the container: ``ml.g6.xlarge``.
    first_job : bool
        Nothing ran on this machine before: the job had to wait until it was up.
    began_at : float
        When the container took the job up; UTC epoch seconds.
    """

    instance_type: str
    first_job: bool
    began_at: float


class Result(Document):
    """``result.json``: written last; its presence means that the attempt is over.

    Attributes
    ----------
    status : {"completed", "failed", "cancelled"}
    artifacts : list of ArtifactEntry
        Everything that was published, the manifest included; empty unless completed.
    instance : InstanceEntry or None
        None where no machine is billed, or where the worker died.
    """

    schema_version: Literal[1] = 1
    job_id: str
    attempt: int
    status: Literal[JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED]
    engine: EngineEntry | None = None
    structures: list[StructureEntry] = []
    artifacts: list[ArtifactEntry] = []
    timings_s: dict[str, float] = {}
    instance: InstanceEntry | None = None
    warnings: list[WarningEntry] = []
    failure: FailureEntry | None = None
