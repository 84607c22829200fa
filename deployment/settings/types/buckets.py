"""Buckets of S3."""

from typing import Annotated

from deployment.settings.templates import Template
from deployment.settings.types.text import matching

BucketTemplate = Annotated[
    str,
    Template(),
    matching(
        r"(?!xn--|.*\.\.|[0-9.]+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        "the name of an S3 bucket: 3 to 63 lower-case letters, digits, hyphens and dots",
        template=True,
    ),
]
KeyPrefix = Annotated[
    str,
    Template(),
    matching(
        r"(?!/)(?!.*//)[\w!.*'()/-]{0,400}(?<!/)|",
        "a key prefix of S3: at most 400 ASCII letters, digits and ! - _ . * ' ( ) /, "
        "without a slash at its beginning or end",
        template=True,
    ),
]
