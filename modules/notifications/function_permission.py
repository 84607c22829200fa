"""The permission without which a service could not call a Lambda function."""

from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from deployment.resources.topics import INVOKE_FUNCTION, FunctionPermissionSpec


def permit(scope: Construct, id: str, spec: FunctionPermissionSpec) -> None:
    """Let a service call a function, an alias or a version.

    The qualifier is an argument of its own: the provider reads the ARN back without it, and would replace the
    permission at every apply.
    """
    LambdaPermission(
        scope,
        id,
        function_name=spec.function_name,
        qualifier=spec.qualifier,
        action=INVOKE_FUNCTION,
        principal=spec.principal,
        source_arn=spec.source_arn,
        source_account=spec.source_account,
    )
