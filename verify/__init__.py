"""Does it work: asks a deployed account whether its monitoring would see an event and tell somebody of it.

It only reads. The role or user needs: ``cloudwatch:DescribeAlarmHistory``, ``cloudwatch:DescribeAlarms``,
``cloudwatch:GetMetricData``, ``cloudwatch:ListDashboards``, ``ec2:DescribeInstances``, ``iam:GetRole``,
``iam:ListAttachedRolePolicies``, ``iam:ListInstanceProfilesForRole``, ``iam:ListRolePolicies``,
``kms:Decrypt``, ``kms:DescribeKey``, ``kms:GetKeyPolicy``, ``logs:DescribeLogGroups``,
``logs:DescribeLogStreams``, ``logs:DescribeMetricFilters``, ``logs:DescribeQueryDefinitions``,
``sns:GetSubscriptionAttributes``, ``sns:GetTopicAttributes``, ``sns:ListSubscriptionsByTopic``,
``ssm:DescribeAssociation``, ``ssm:GetDocument``, ``ssm:GetParameter`` and ``ssm:ListAssociations``; for
queues and functions that are told of alarms ``sqs:GetQueueUrl``, ``sqs:GetQueueAttributes`` and
``lambda:GetPolicy``; for what goes to a security account ``events:DescribeRule``,
``events:ListTargetsByRule``, ``logs:DescribeSubscriptionFilters``, ``oam:GetLink`` and ``oam:ListLinks``.

``python -m verify patterns`` needs ``logs:TestMetricFilter`` alone, in any account.
"""

from typing import TYPE_CHECKING

from cli.lazy import lazy_names

if TYPE_CHECKING:
    from verify.access.window import Window
    from verify.checks.check import Check, Status
    from verify.stack import verify
else:
    __getattr__ = lazy_names(__name__)

__all__ = ["Check", "Status", "Window", "verify"]
