"""Build one Lambda layer and publish it: ``python -m scripts.operations.layers``.

A deployment makes its layers itself; this is for a layer that something else is to use, or for a
new version of dependencies without a deployment.
"""

import argparse
import base64
import hashlib
import io
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from scripts.operations.command_line import run
from scripts.operations.deployment import REPOSITORY, OperationFailed, deployment
from scripts.operations.lambda_python import lambda_python

RUNTIME = "python3.13"
ARCHITECTURE = "arm64"
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip can hold: the same for every file, so that equal content gives
equal bytes."""
LIMIT_BYTES = 50 * 1024 * 1024
"""Zipped size of a layer that is sent in the call (AWS Lambda developer guide, "Lambda quotas")."""


@dataclass(frozen=True)
class Layer:
    """A folder below ``layers/``, what AWS calls it, and the target of its Makefile."""

    folder: str
    name: str
    make_target: str


LAYERS = {
    layer.folder: layer
    for layer in (
        Layer("iris_oculus", "iris-oculus", "build-IrisOculusLayer"),
        Layer("iris_imaging", "iris-imaging", "build-IrisImagingLayer"),
        Layer("dependencies", "iris-dependencies", "build-DependenciesLayer"),
        Layer(
            "authorizer_dependencies",
            "iris-authorizer-dependencies",
            "build-AuthorizerDependenciesLayer",
        ),
        Layer(
            "imaging_dependencies", "iris-imaging-dependencies", "build-ImagingDependenciesLayer"
        ),
    )
}


def build(layer: Layer) -> bytes:
    """Build a layer's zip; the same content gives the same bytes, whenever it is built.

    Raises
    ------
    OperationFailed
        If its Makefile fails, or the zip is larger than Lambda takes.
    """
    with tempfile.TemporaryDirectory() as scratch:
        content = Path(scratch) / "content"
        _make(REPOSITORY / "layers" / layer.folder, layer.make_target, content)
        package = _zipped(content)
    if len(package) > LIMIT_BYTES:
        raise OperationFailed(
            f"The zip of {layer.folder} has {len(package):,} bytes; Lambda takes {LIMIT_BYTES:,}.",
            hint="Deploy the layer with scripts/deploy-lambda.sh, which sends it by S3.",
        )
    return package


def publish(client: Any, layer_name: str, package: bytes) -> str:
    """Publish a version, unless the latest one already holds these bytes.

    Parameters
    ----------
    client : boto3 client of Lambda
    layer_name : str
    package : bytes
        The zip.

    Returns
    -------
    str
        ARN of the version that holds the bytes.
    """
    wanted = base64.b64encode(hashlib.sha256(package).digest()).decode()
    versions = client.list_layer_versions(LayerName=layer_name, MaxItems=1)["LayerVersions"]
    if versions:
        latest = client.get_layer_version(
            LayerName=layer_name, VersionNumber=versions[0]["Version"]
        )
        if latest["Content"]["CodeSha256"] == wanted:
            return str(latest["LayerVersionArn"])
    published = client.publish_layer_version(
        LayerName=layer_name,
        Description=f"sha256 {hashlib.sha256(package).hexdigest()}",
        Content={"ZipFile": package},
        CompatibleRuntimes=[RUNTIME],
        CompatibleArchitectures=[ARCHITECTURE],
    )
    return str(published["LayerVersionArn"])


def _make(source: Path, target: str, content: Path) -> None:
    variables = {**os.environ, "PYTHON": sys.executable}
    compiler = lambda_python(os.environ)
    if compiler is not None:
        variables["LAMBDA_PYTHON"] = str(compiler)
    finished = subprocess.run(
        ["make", "--silent", target, f"ARTIFACTS_DIR={content}"],
        cwd=source,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise OperationFailed(
            f"layers/{source.name} cannot be built: {finished.stderr.strip()[-500:]}",
            hint="The wheels come from PyPI; `make lock` writes the list of them anew.",
        )
    print(finished.stdout, end="", file=sys.stderr)  # whether it could be compiled


def _zipped(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EARLIEST)
                entry.compress_type = zipfile.ZIP_DEFLATED
                # Lambda's user is not the owner: everybody may read, and enter what is a program.
                entry.external_attr = (0o755 if os.access(path, os.X_OK) else 0o644) << 16
                package.writestr(entry, path.read_bytes())
    return buffer.getvalue()


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="create-layer", description=__doc__)
    parser.add_argument("layer", choices=sorted(LAYERS), help="folder below layers/")
    parser.add_argument("--stage", default="dev", help="suffix of the name (default: dev)")
    parser.add_argument("--dry-run", action="store_true", help="build, and publish nothing")
    chosen = parser.parse_args(arguments)

    def command() -> None:
        address = deployment(chosen.stage)
        layer = LAYERS[chosen.layer]
        layer_name = f"{layer.name}-{address.stage}"
        package = build(layer)
        print(f"built layers/{layer.folder}: {len(package):,} bytes", file=sys.stderr)
        if chosen.dry_run:
            print(f"would publish it as {layer_name} in {address.region}")
            return
        client = boto3.client("lambda", region_name=address.region)
        print(publish(client, layer_name, package))

    return run(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
