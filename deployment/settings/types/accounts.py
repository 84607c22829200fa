"""Instances, accounts, regions, and the tags of what is in them."""

import re
from typing import Annotated

from pydantic import AfterValidator

from catalog.errors import did_you_mean
from deployment.settings.explanation import shown
from deployment.settings.types.text import Text, hyphenated, matching

#: The prefix of every name in AWS. At 24 characters the longest name, of a bucket, has 63.
InstanceName = Annotated[str, hyphenated(24)]
#: Half of a stack's name, and part of paths and workspaces.
AccountName = Annotated[str, hyphenated(50)]
AccountId = Annotated[
    Text, matching(r"[0-9]{12}", "an AWS account id: it has 12 digits (with leading zeros, if any)")
]
#: What the names of AWS's regions are made of, so that regions to come are known and misspelt ones are not.
#: The end of eusc-de-east-1 is no region yet; should it become one, the names of stacks are kept apart.
_AREAS = (
    *("af", "ap", "ca", "cn", "de", "eu", "il", "me", "mx", "sa", "us", "us-gov", "eusc-de"),
    *("us-iso", "us-isob", "us-isof", "eu-isoe"),
)
_DIRECTIONS = (
    *("north", "south", "east", "west", "central"),
    *("northeast", "northwest", "southeast", "southwest"),
)
_REGION = re.compile(f"(?:{'|'.join(_AREAS)})-(?:{'|'.join(_DIRECTIONS)})-[1-9]", re.ASCII)


def _region(value: str) -> str:
    if not _REGION.fullmatch(value):
        number = value[-1:] if value[-1:] in "123456789" else "1"
        names = [f"{area}-{direction}-{number}" for area in _AREAS for direction in _DIRECTIONS]
        what = "the name of an AWS region, such as ap-northeast-1 or us-gov-west-1"
        nearest = did_you_mean(value.lower(), names).removeprefix("; ")
        raise ValueError(f"{shown(value)}{f' ({nearest})' if nearest else ''} is not {what}")
    return value


RegionName = Annotated[str, AfterValidator(_region)]
#: Letters of any script.
_TAG_TEXT = r"(?u:[\w \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000.:/=+\-@])"
TagKey = Annotated[
    Text,
    matching(
        rf"(?!aws:){_TAG_TEXT}{{1,128}}",
        "a tag key: 1 to 128 letters, digits, spaces and _ . : / = + - @, not beginning with 'aws:'",
    ),
]
TagValue = Annotated[
    Text,
    matching(
        rf"{_TAG_TEXT}{{0,256}}", "a tag value: at most 256 letters, digits, spaces and _ . : / = + - @"
    ),
]
TargetKey = Annotated[
    Text,
    matching(rf"(?!tag:){_TAG_TEXT}{{1,128}}", "the key of a tag, such as OS (and without 'tag:' before it)"),
]
TargetValue = Annotated[Text, matching(r".{1,256}", "the value of a tag: 1 to 256 characters")]
