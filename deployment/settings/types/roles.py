"""Roles of IAM, and the sessions that assume them."""

import re
from typing import Annotated

from pydantic import AfterValidator

from deployment.aws.arn import parse_arn
from deployment.settings.explanation import shown
from deployment.settings.templates import SAMPLE, Template, fill
from deployment.settings.types.text import Text, matching

_ROLE_NAME = r"[\w+=,.@-]{1,64}"
RoleName = Annotated[
    str, matching(_ROLE_NAME, "the name of an IAM role: 1 to 64 letters, digits and + = , . @ _ -")
]


def _role_reference(value: str) -> str:
    arn = parse_arn(fill(value, SAMPLE))
    if arn and arn.service == "iam" and arn.account_id and arn.resource.startswith("role/"):
        return value
    if re.fullmatch(_ROLE_NAME, fill(value, SAMPLE), re.ASCII):
        return value
    raise ValueError(
        f"{shown(value)} is neither the name of an IAM role nor the ARN of one, "
        "such as arn:aws:iam::111111111111:role/deployment"
    )


RoleReference = Annotated[str, Template(), AfterValidator(_role_reference)]

_POLICY_NAME = r"[\w+=,.@/-]{1,512}"
_POLICY_ARN = re.compile(
    rf"arn:(?P<partition>aws(-[a-z]+)*):iam::(?P<owner>\d{{12}}|aws):policy/{_POLICY_NAME}", re.ASCII
)


def _policy_reference(value: str) -> str:
    text = fill(value, SAMPLE)
    if policy_owner(text) or re.fullmatch(rf"(?!arn:|/){_POLICY_NAME}", text, re.ASCII):
        return value
    raise ValueError(
        f"{shown(value)} is neither the name of a managed policy of IAM nor the ARN of one, "
        "such as arn:{partition}:iam::{account_id}:policy/boundary"
    )


def policy_owner(text: str) -> tuple[str, str] | None:
    """Return the partition and the account (``aws`` for AWS itself) of a managed policy, None for a name."""
    match = _POLICY_ARN.fullmatch(text)
    return (match["partition"], match["owner"]) if match else None


#: A managed policy; of a name without an ARN, a customer managed policy of the account, with its path.
PolicyReference = Annotated[str, Template(), AfterValidator(_policy_reference)]
RolePath = Annotated[
    str,
    matching(
        r"/([\w+=,.@-]+/){0,20}", "the path of an IAM role, which begins and ends with a slash: /security/"
    ),
]
ExternalId = Annotated[
    Text,
    matching(
        r"[\w+=,.@:/-]{2,1224}", "an external id: 2 to 1224 ASCII letters, digits and + = , . @ : / _ -"
    ),
]
SessionName = Annotated[
    str,
    matching(r"[\w+=,.@-]{2,64}", "the name of a session: 2 to 64 letters, digits and + = , . @ _ -"),
]
