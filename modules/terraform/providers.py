"""The provider of a construct's resources, where it is not the stack's default one."""

import jsii
from cdktf import Aspects, IAspect, TerraformProvider, TerraformResource
from constructs import Construct, IConstruct


def use_provider(scope: Construct, provider: TerraformProvider | None) -> None:
    """Give a provider to every AWS resource under a construct, whoever adds it there.

    Args:
        scope: The construct.
        provider: The provider, usually one with an alias. None: the stack's default provider.
    """
    if provider is not None:
        Aspects.of(scope).add(_UseProvider(provider))


@jsii.implements(IAspect)
class _UseProvider:
    def __init__(self, provider: TerraformProvider) -> None:
        self._provider = provider

    def visit(self, node: IConstruct) -> None:
        """Called for every construct in the scope before the stack is written."""
        if isinstance(node, TerraformResource) and node.terraform_resource_type.startswith("aws_"):
            node.provider = self._provider
