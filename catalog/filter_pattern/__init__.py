"""The filter pattern language of CloudWatch Logs for unstructured events: parse, render, quote, match."""

from catalog.errors import FilterPatternError
from catalog.filter_pattern.pattern import (
    MAXIMUM_LENGTH,
    METRIC_FILTERS_A_LOG_GROUP,
    FilterPattern,
    matches,
    parse,
    quote,
    render,
)

__all__ = [
    "MAXIMUM_LENGTH",
    "METRIC_FILTERS_A_LOG_GROUP",
    "FilterPattern",
    "FilterPatternError",
    "matches",
    "parse",
    "quote",
    "render",
]
