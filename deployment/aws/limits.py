"""What AWS takes at most, with the page that says so."""

import math

from catalog.derived.agent_configuration import PARAMETER_BYTES

# CloudWatch Logs quotas.
REGEX_FILTERS_A_LOG_GROUP = 5
# CloudWatch sets no limit to the alarms of an account and region (CloudWatch quotas).
ALARMS_A_REGION = math.inf
#: The alarms that a composite alarm may be over, and the characters of its rule (PutCompositeAlarm).
COMPOSITE_CHILDREN = 100
COMPOSITE_RULE_CHARACTERS = 10_240
#: Bytes of a parameter of either tier (PutParameter).
STANDARD_PARAMETER_BYTES = 4_096
ADVANCED_PARAMETER_BYTES = PARAMETER_BYTES
#: Bytes of a template that is given as text, and resources of a stack (CloudFormation quotas).
TEMPLATE_BYTES = 51_200
#: Stacks of an account and region (CloudFormation quotas).
STACKS_A_REGION = 2_000
#: Logs Insights queries of an account and region that run at one time.
CONCURRENT_QUERIES = 100
#: The commercial regions that had no log alarms in July 2026.
WITHOUT_LOG_ALARMS = frozenset({"me-central-1", "me-south-1"})
# IAM: a managed policy, all inline policies of a role, a role's trust policy; S3: a bucket's policy.
MANAGED_POLICY_CHARACTERS = 6_144
INLINE_POLICIES_CHARACTERS = 10_240
TRUST_POLICY_CHARACTERS = 2_048
BUCKET_POLICY_CHARACTERS = 20_480
KEY_POLICY_CHARACTERS = 32_768
TOPIC_POLICY_CHARACTERS = 30_720
#: Associations of an account and region, targets of one, bytes of a document (Systems Manager quotas).
ASSOCIATIONS_A_REGION = 2_000
ASSOCIATION_TARGETS = 5
DOCUMENT_BYTES = 65_536
