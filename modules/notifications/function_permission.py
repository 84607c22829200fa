"""The permission without which a service could not call a Lambda function."""

import zlib

from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from deployment.aws.arn import format_arn


def permit(
    scope: Construct,
    id: str,
    *,
    function_arn: str,
    principal: str,
    source_arn: str,
    source_account: str | None = None,
) -> None:
    """Let a service call a function, an alias or a version.

    Args:
        scope: The construct to put the permission under.
        id: Its id there.
        function_arn: What may be called. A qualifier in it becomes an argument of its own: the provider reads
            the ARN back without it, and would replace the permission at every apply.
        principal: The service, such as ``sns.amazonaws.com``.
        source_arn: What the service calls it for; ``*`` stands for any characters.
        source_account: The account of that; None where ``source_arn`` tells it.
    """
    *unqualified, last = function_arn.split(":")
    is_qualified = len(unqualified) == 7
    LambdaPermission(
        scope,
        id,
        function_name=":".join(unqualified) if is_qualified else function_arn,
        # Lambda takes no permission for $LATEST: that of the function is the one.
        qualifier=last if is_qualified and last != "$LATEST" else None,
        action="lambda:InvokeFunction",
        principal=principal,
        source_arn=source_arn,
        source_account=source_account,
    )


def permit_alarms(scope: Construct, function_arn: str, *, region: str, account_id: str) -> None:
    """Let the alarms of an account and region call a function (CloudWatch user guide, alarms and Lambda)."""
    permit(
        scope,
        f"alarm-action-{zlib.crc32(function_arn.encode()):08x}-permission",
        function_arn=function_arn,
        principal="lambda.alarms.cloudwatch.amazonaws.com",
        source_arn=format_arn("cloudwatch", region, account_id, "alarm:*"),
        source_account=account_id,
    )
