"""An alarm over other alarms."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudwatch_composite_alarm import (
    CloudwatchCompositeAlarm,
    CloudwatchCompositeAlarmActionsSuppressor,
)
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from modules.literal import literal

#: What CloudWatch takes (PutCompositeAlarm): children of one alarm, and characters of its rule.
MAXIMUM_CHILDREN = 100
MAXIMUM_RULE = 10_240
