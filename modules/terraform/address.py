"""What terraform calls a resource, where its commands and blocks take a name and no reference."""

from cdktf import TerraformResource


def address(resource: TerraformResource) -> str:
    """Return the address of a resource in its stack, such as ``aws_sns_topic.monitoring_topic_DC51B990``."""
    return f"{resource.terraform_resource_type}.{resource.friendly_unique_id}"
