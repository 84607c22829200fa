"""A State Manager association over servers chosen by tag."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict, Unpack

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.ssm_association import (
    SsmAssociation,
    SsmAssociationOutputLocation,
    SsmAssociationTargets,
)
from constructs import Construct

from deployment.settings.associations import AssociationSettings
from modules.servers.output_bucket import Bucket
from modules.terraform.escape_template import escape_template

#: Servers by tag: every key must be there with one of its values. At most 5 keys of 50 values each.
Targets = Mapping[str, Sequence[str]]


class AssociationArguments(TypedDict):
    """What every association takes, whatever its document.

    ``name``: the association's name: 3 to 128 letters, digits, ``_``, ``-`` and ``.``.
    ``targets``: the servers, by tag.
    ``settings``: schedule, rate control and compliance severity.
    ``region``: the region of the stack and of the output bucket.
    ``output_bucket``: where to keep what the commands print; without it the last 2,500 characters are kept.
    ``depends_on``: what must exist before the first run.
    """

    name: str
    targets: Targets
    settings: AssociationSettings
    region: str
    output_bucket: NotRequired[Bucket | None]
    depends_on: NotRequired[Sequence[ITerraformDependable]]


class Association(Construct):
    """Runs a Systems Manager document on the servers now, on every new one, and on a schedule.

    Args:
        scope: The construct to put it under.
        id: Its id there; also the last part of the output's prefix.
        document: The document's name.
        parameters: The document's parameters. One that the document does not know makes the API refuse it.
        arguments: As ``AssociationArguments``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        document: str,
        parameters: Mapping[str, str],
        **arguments: Unpack[AssociationArguments],
    ) -> None:
        super().__init__(scope, id)
        settings = arguments["settings"]
        bucket = arguments.get("output_bucket")
        SsmAssociation(
            self,
            "association",
            name=document,
            association_name=arguments["name"],
            parameters=dict(parameters),
            targets=[
                SsmAssociationTargets(key=f"tag:{key}", values=list(map(escape_template, values)))
                for key, values in arguments["targets"].items()
            ],
            schedule_expression=settings.schedule,
            max_concurrency=settings.max_concurrency,
            max_errors=settings.max_errors,
            compliance_severity=settings.compliance_severity.value,
            output_location=SsmAssociationOutputLocation(
                s3_bucket_name=bucket.name,
                s3_key_prefix="/".join(filter(None, [bucket.prefix, id])),
                s3_region=arguments["region"],
            )
            if bucket
            else None,
            depends_on=list(arguments.get("depends_on", ())) or None,
        )
