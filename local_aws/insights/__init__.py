"""Logs Insights queries over records in memory, for the local AWS and for proofs of generated queries.

Strict on purpose: what the user guide does not define, such as comparing a field that a record does not have
with ``!=``, is an error rather than a guess, so that no generated query depends on it.
"""

from local_aws.insights.errors import InsightsError, UndefinedBehaviorError
from local_aws.insights.query import Query, parse_query

__all__ = ["InsightsError", "Query", "UndefinedBehaviorError", "parse_query"]
