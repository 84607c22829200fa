"""Instances, accounts, regions, and the tags of what is in them."""

from typing import Annotated

from deployment.settings.types.text import Text, hyphenated, matching

#: The prefix of every name in AWS. At 24 characters the longest name, of a bucket, has 63.
InstanceName = Annotated[str, hyphenated(24)]
#: Half of a stack's name, and part of paths and workspaces.
AccountName = Annotated[str, hyphenated(50)]
AccountId = Annotated[
    Text, matching(r"[0-9]{12}", "an AWS account id: it has 12 digits (with leading zeros, if any)")
]
RegionName = Annotated[
    str,
    matching(
        r"(?=.{1,18}$)(?:[a-z]{2}|eusc)(?:-[a-z]+){1,2}-[0-9]{1,2}",
        "the name of an AWS region, such as ap-northeast-1 or us-gov-west-1",
    ),
]
#: Letters of any script.
_TAG_TEXT = r"(?u:[\w .:/=+\-@])"
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
