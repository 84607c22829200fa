"""Does it work: checks whether a deployed account would see an event and notify its recipients.

The checks only read. They need:

- ``cloudwatch:`` DescribeAlarmHistory, DescribeAlarms, GetMetricData, ListDashboards, and with log alarms
  DescribeAlarmContributors
- ``ec2:`` DescribeInstances
- ``iam:`` GetRole, ListAttachedRolePolicies, ListInstanceProfilesForRole, ListRolePolicies
- ``kms:`` Decrypt, DescribeKey, GetKeyPolicy
- ``logs:`` DescribeLogGroups, DescribeLogStreams, DescribeMetricFilters, DescribeQueryDefinitions
- ``sns:`` GetSubscriptionAttributes, GetTopicAttributes, ListSubscriptionsByTopic
- ``ssm:`` DescribeAssociation, DescribeDocument, GetDocument, GetParameter, ListAssociations
- for queues and functions that alarms call, ``sqs:GetQueueUrl``, ``sqs:GetQueueAttributes`` and
  ``lambda:GetPolicy``
- for what goes to a security account, ``events:DescribeRule``, ``events:ListTargetsByRule``,
  ``logs:DescribeSubscriptionFilters``, ``oam:GetLink`` and ``oam:ListLinks``

``python -m verify patterns`` needs ``logs:TestMetricFilter`` alone, in any account.

``python -m verify drill`` is the one command that writes, and cleans up after itself. It needs
``logs:CreateLogStream``, ``logs:PutLogEvents``, ``logs:DeleteLogStream``, ``cloudwatch:GetMetricData``,
``cloudwatch:DescribeAlarms``, ``cloudwatch:DescribeAlarmHistory``, ``sns:ListSubscriptionsByTopic`` and, for
log alarms, ``cloudwatch:DescribeAlarmContributors``.
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
