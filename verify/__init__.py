"""Does it work: checks whether a deployed account would see an event and notify its recipients.

The checks only read. They need:

- ``cloudwatch:DescribeAlarmHistory``, ``cloudwatch:DescribeAlarms``, ``cloudwatch:GetAlarmMuteRule``,
  ``cloudwatch:GetMetricData``, ``cloudwatch:ListAlarmMuteRules``, ``cloudwatch:ListDashboards``
- ``ec2:DescribeInstances``
- ``iam:GetPolicy``, ``iam:GetPolicyVersion``, ``iam:GetRole``, ``iam:GetRolePolicy``,
  ``iam:ListAttachedRolePolicies``, ``iam:ListInstanceProfilesForRole``, ``iam:ListRolePolicies``,
  ``iam:SimulatePrincipalPolicy``
- ``kms:Decrypt``, ``kms:DescribeKey``, ``kms:GetKeyPolicy``
- ``logs:DescribeAccountPolicies``, ``logs:DescribeLogGroups``, ``logs:DescribeLogStreams``,
  ``logs:DescribeMetricFilters``, ``logs:DescribeQueryDefinitions``, ``logs:DescribeResourcePolicies``,
  ``logs:GetDataProtectionPolicy``
- ``sns:GetDataProtectionPolicy``, ``sns:GetSubscriptionAttributes``, ``sns:GetTopicAttributes``,
  ``sns:ListSubscriptionsByTopic``
- ``ssm:DescribeAssociation``, ``ssm:DescribeDocument``, ``ssm:GetDocument``, ``ssm:GetParameter``,
  ``ssm:ListAssociations``
- for the bucket of the associations' output, and that of the state where the deployment makes it,
  ``s3:GetBucketOwnershipControls``, ``s3:GetBucketPolicy``, ``s3:GetBucketPublicAccessBlock``,
  ``s3:GetBucketVersioning``, ``s3:GetEncryptionConfiguration``, ``s3:ListBucket``
- with chat channels, ``chatbot:DescribeSlackChannelConfigurations`` and
  ``chatbot:ListMicrosoftTeamsChannelConfigurations``
- with log alarms, ``cloudwatch:DescribeAlarmContributors``
- for queues and functions that alarms call, ``sqs:GetQueueUrl``, ``sqs:GetQueueAttributes`` and
  ``lambda:GetPolicy``
- for the rules of failed associations and of a security account, ``events:DescribeRule`` and
  ``events:ListTargetsByRule``
- for what else goes to a security account, ``logs:DescribeSubscriptionFilters``, ``oam:GetLink`` and
  ``oam:ListLinks``

``python -m verify patterns`` needs ``logs:TestMetricFilter`` alone, in any account.

``python -m verify drill`` is the one command that writes, and cleans up after itself. It needs
``logs:CreateLogStream``, ``logs:PutLogEvents``, ``logs:DeleteLogStream``, ``cloudwatch:GetMetricData``,
``cloudwatch:DescribeAlarms``, ``cloudwatch:DescribeAlarmHistory``, ``cloudwatch:ListAlarmMuteRules``,
``cloudwatch:GetAlarmMuteRule``, ``sns:ListSubscriptionsByTopic`` and, for log alarms,
``cloudwatch:DescribeAlarmContributors``.
"""

from typing import TYPE_CHECKING

from cli.lazy import lazy_names

if TYPE_CHECKING:
    from verify.access.window import Window
    from verify.result import Check, Status
    from verify.stack import verify
else:
    __getattr__ = lazy_names(__name__)

__all__ = ["Check", "Status", "Window", "verify"]
