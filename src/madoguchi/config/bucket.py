"""A bucket for datasets' files, where the environment names one (S3 or what speaks its protocol)."""

from typing import Any

from . import environment as env


def storage() -> dict[str, Any] | None:
    """Django's description of the storage; None without a bucket. Keys of the account are boto3's own variables."""
    name = env.text("MADOGUCHI_DATASETS_BUCKET")
    if not name:
        return None
    options = {
        "bucket_name": name,
        "endpoint_url": env.text("MADOGUCHI_DATASETS_ENDPOINT") or None,
        "location": "datasets",
        "file_overwrite": True,  # the name says what the bytes are
        "querystring_auth": False,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
