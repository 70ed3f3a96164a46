"""Which of Django's storages holds datasets' files: rows, or a bucket (S3 or what speaks its protocol)."""

from typing import Any


def storage(bucket: str, endpoint: str) -> dict[str, Any]:
    """Django's description of it; without a bucket, rows. The account of a bucket is in boto3's own variables."""
    if not bucket:
        return {"BACKEND": "madoguchi.opendata.publishing.store.Rows"}
    options = {
        "bucket_name": bucket,
        "endpoint_url": endpoint or None,
        "location": "datasets",
        "file_overwrite": True,  # the name says what the bytes are
        "querystring_auth": False,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
