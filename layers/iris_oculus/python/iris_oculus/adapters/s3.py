"""The bucket in S3."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from iris_oculus.ports import StoredObject, UploadedPart

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_DOWNLOAD = TransferConfig(max_concurrency=4, max_io_queue=16)
"""boto3's own settings hold up to 250 MB of a large object in memory where the disk is slower than
the network; these hold some megabytes."""

_MISSING = frozenset({"404", "NoSuchKey", "NoSuchUpload", "NotFound"})


class S3ObjectStore:
    """Objects of one bucket; see :class:`iris_oculus.ports.ObjectStore`.

    Parameters
    ----------
    client : S3Client
        Must sign with version 4: presigned URLs of older signatures are refused by newer regions.
    bucket : str
    """

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def head(self, key: str) -> StoredObject | None:
        try:
            answer = self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if _is_missing(error):
                return None
            raise
        return StoredObject(
            key=key,
            size_bytes=answer["ContentLength"],
            etag=answer["ETag"].strip('"'),
            content_type=answer["ContentType"],
            content_encoding=answer.get("ContentEncoding"),
        )

    def read(self, key: str, *, first_bytes: int | None = None) -> bytes:
        wanted: dict[str, Any] = (
            {} if first_bytes is None else {"Range": f"bytes=0-{first_bytes - 1}"}
        )
        with _MissingAsKeyError(key):
            answer = self._client.get_object(Bucket=self._bucket, Key=key, **wanted)
            return answer["Body"].read()

    def write(self, key: str, body: bytes, *, content_type: str) -> None:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def download(self, key: str, path: Path) -> None:
        with _MissingAsKeyError(key):
            self._client.download_file(self._bucket, key, str(path), Config=_DOWNLOAD)

    def upload(
        self, path: Path, key: str, *, content_type: str, content_encoding: str | None = None
    ) -> None:
        extra = {"ContentType": content_type}
        if content_encoding is not None:
            extra["ContentEncoding"] = content_encoding
        self._client.upload_file(str(path), self._bucket, key, ExtraArgs=extra)

    def copy(self, *, source_key: str, target_key: str) -> None:
        with _MissingAsKeyError(source_key):
            self._client.copy({"Bucket": self._bucket, "Key": source_key}, self._bucket, target_key)

    def delete_prefix(self, prefix: str) -> int:
        for upload in self._open_uploads(prefix):
            self._client.abort_multipart_upload(
                Bucket=self._bucket, Key=upload["Key"], UploadId=upload["UploadId"]
            )
        deleted = 0
        keys = list(self.keys(prefix))
        for start in range(0, len(keys), 1000):  # DeleteObjects takes at most 1000 keys
            batch = keys[start : start + 1000]
            answer = self._client.delete_objects(
                Bucket=self._bucket, Delete={"Objects": [{"Key": key} for key in batch]}
            )
            deleted += len(batch) - len(answer.get("Errors", []))
        return deleted

    def keys(self, prefix: str) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix
        )
        for page in pages:
            for entry in page.get("Contents", []):
                yield entry["Key"]

    def presign_put(self, key: str, *, expires_s: int, content_type: str) -> str:
        return self._client.generate_presigned_url(
            "put_object",
            Params={"Bucket": self._bucket, "Key": key, "ContentType": content_type},
            ExpiresIn=expires_s,
        )

    def presign_get(self, key: str, *, expires_s: int, download_name: str) -> str:
        return self._client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "ResponseContentDisposition": f'attachment; filename="{download_name}"',
            },
            ExpiresIn=expires_s,
        )

    def start_multipart(self, key: str, *, content_type: str) -> str:
        answer = self._client.create_multipart_upload(
            Bucket=self._bucket, Key=key, ContentType=content_type
        )
        return answer["UploadId"]

    def presign_part(self, key: str, *, upload_id: str, number: int, expires_s: int) -> str:
        return self._client.generate_presigned_url(
            "upload_part",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "UploadId": upload_id,
                "PartNumber": number,
            },
            ExpiresIn=expires_s,
        )

    def parts(self, key: str, *, upload_id: str) -> Sequence[UploadedPart]:
        with _MissingAsKeyError(key):
            pages = self._client.get_paginator("list_parts").paginate(
                Bucket=self._bucket, Key=key, UploadId=upload_id
            )
            return [
                UploadedPart(part["PartNumber"], part["Size"], part["ETag"].strip('"'))
                for page in pages
                for part in page.get("Parts", [])
            ]

    def complete_multipart(
        self, key: str, *, upload_id: str, parts: Sequence[UploadedPart]
    ) -> None:
        with _MissingAsKeyError(key):
            self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload_id,
                MultipartUpload={
                    "Parts": [{"PartNumber": part.number, "ETag": part.etag} for part in parts]
                },
            )

    def _open_uploads(self, prefix: str) -> Iterator[Any]:
        pages = self._client.get_paginator("list_multipart_uploads").paginate(
            Bucket=self._bucket, Prefix=prefix
        )
        for page in pages:
            yield from page.get("Uploads", [])


def _is_missing(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in _MISSING


class _MissingAsKeyError(AbstractContextManager[None]):
    def __init__(self, key: str) -> None:
        self._key = key

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, ClientError) and _is_missing(error):
            raise KeyError(self._key) from error
