"""The least policies of who verifies and drills allow every call of either, also the rare ones."""

from pathlib import Path

from deployment import load, resolve
from deployment.permissions import PermissionRole
from deployment.permissions.roles import grants

EVERYTHING = Path(__file__).resolve().parents[1] / "compatibility" / "everything.yaml"
CALLED = {
    *("chatbot:DescribeSlackChannelConfigurations", "chatbot:ListMicrosoftTeamsChannelConfigurations"),
    *("cloudwatch:DescribeAlarmContributors", "cloudwatch:DescribeAlarmHistory"),
    *("cloudwatch:DescribeAlarms", "cloudwatch:GetAlarmMuteRule", "cloudwatch:GetMetricData"),
    *("cloudwatch:ListAlarmMuteRules", "cloudwatch:ListDashboards", "ec2:DescribeInstances"),
    *("events:DescribeRule", "events:ListTargetsByRule", "iam:GetPolicy", "iam:GetPolicyVersion"),
    *("iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies"),
    *("iam:ListInstanceProfilesForRole", "iam:ListRolePolicies", "iam:SimulatePrincipalPolicy"),
    *("kms:Decrypt", "kms:DescribeKey", "kms:GetKeyPolicy", "lambda:GetPolicy", "logs:CreateLogStream"),
    *("lambda:GetFunctionConcurrency", "ssm:DescribeParameters"),
    *("logs:DeleteLogStream", "logs:DescribeAccountPolicies", "logs:DescribeLogGroups"),
    *("logs:DescribeLogStreams", "logs:DescribeMetricFilters", "logs:DescribeQueryDefinitions"),
    *("logs:DescribeResourcePolicies", "logs:DescribeSubscriptionFilters"),
    *("logs:GetDataProtectionPolicy", "logs:PutLogEvents", "logs:TestMetricFilter", "oam:GetLink"),
    *("oam:ListLinks", "s3:GetBucketOwnershipControls", "s3:GetBucketPolicy"),
    *("s3:GetBucketPublicAccessBlock", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration"),
    *("s3:ListBucket", "sns:GetDataProtectionPolicy", "sns:GetSubscriptionAttributes"),
    *("sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic", "sqs:GetQueueAttributes"),
    *("sqs:GetQueueUrl", "ssm:DescribeAssociation", "ssm:DescribeDocument", "ssm:GetDocument"),
    *("ssm:GetParameter", "ssm:ListAssociations"),
}


def test_policies_allow_every_call_of_the_checks_and_the_drill() -> None:
    allowed = {
        action
        for region in resolve(load(EVERYTHING))
        for role in (PermissionRole.VERIFY, PermissionRole.DRILL)
        for grant in grants(region, role)
        for action in grant.actions
    }
    assert CALLED - allowed == set()
