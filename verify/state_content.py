"""What terraform's state of a stack holds, as far as it can be read from here."""

import json
from collections.abc import Iterator
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from deployment import RegionPlan
from deployment.settings.state import LocalBackend, S3Backend
from deployment.state_files import output_folder, state_files
from verify.access.account import reach

#: The type of a resource, and what AWS knows it by: its name, id or ARN.
Held = frozenset[tuple[str, str]]
_IDENTIFIERS = ("arn", "chat_configuration_arn", "id", "name")


class UnknownStateError(Exception):
    """What the state holds is not known; the text says why."""


def held(region: RegionPlan) -> Held:
    """Return what the state of a stack holds; nothing where the first apply will write it.

    Raises:
        UnknownStateError: It is in Terraform Cloud, may not be read, or has another format.
    """
    match region.state:
        case LocalBackend() as state:
            (file,) = (
                each for each in state_files([region], output_folder()) if each.stack == region.stack_name
            )
            content = _local(file.former or state.file)
        case S3Backend() as state:
            content = _in_bucket(state)
        case state:
            raise UnknownStateError(f"{state} is in Terraform Cloud")
    if content is None:
        return frozenset()
    try:
        return frozenset(_resources(content))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnknownStateError(f"{region.state} has no format that is known here") from None


def _local(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UnknownStateError(f"{file}: {error}") from error


def _in_bucket(state: S3Backend) -> str | None:
    try:
        s3 = reach(state.region, state.assume_role).client("s3")
        content: bytes = s3.get_object(Bucket=state.bucket, Key=state.key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchBucket", "NoSuchKey"):
            return None
        raise UnknownStateError(f"{state}: {error}") from error
    except BotoCoreError as error:
        raise UnknownStateError(f"{state}: {error}") from error
    return content.decode("utf-8", "replace")


def _resources(content: str) -> Iterator[tuple[str, str]]:
    for resource in json.loads(content)["resources"]:
        if resource["mode"] != "managed":
            continue
        for attributes in (instance["attributes"] for instance in resource["instances"]):
            yield from ((resource["type"], attributes[each]) for each in _IDENTIFIERS if attributes.get(each))
