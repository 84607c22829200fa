"""What would go wrong with the deployment's own correlations, found beforehand."""

from collections.abc import Iterator

from catalog.correlations import CORRELATIONS
from catalog.model.correlation import COMPUTER, CorrelatedRecord, Correlation
from catalog.model.event_fields import field_problem, subcategories_of
from deployment.problem import Problem
from deployment.settings.deployment import Deployment


def of_records(deployment: Deployment) -> Iterator[Problem]:
    """Check own correlations with each other, with the catalog's, and against what Windows writes."""
    taken = {correlation.key: "the catalog" for correlation in CORRELATIONS}
    for index, correlation in enumerate(deployment.own_correlations):
        place = ("own_correlations", index)
        if correlation.key in taken:
            yield Problem(
                (*place, "key"),
                f"{taken[correlation.key]} has a correlation {correlation.key}: take another key",
            )
        taken[correlation.key] = f"own_correlations[{index}]"
        for number, record in enumerate(correlation.records):
            for problem in _record_problems(correlation, record):
                yield Problem((*place, "records", number), problem)


def _record_problems(correlation: Correlation, record: CorrelatedRecord) -> Iterator[str]:
    if record.selection:
        return  # the rule itself was checked as it was read
    provider, event_id = record.provider.name, record.event_id
    asked = [record.data_field(name) for name in correlation.names]
    for field in dict.fromkeys([*asked, *(condition.field for condition in record.where)]):
        if field != COMPUTER and (problem := field_problem(provider, event_id, field)):
            yield problem
    written_by = subcategories_of(provider, event_id)
    if written_by and record.audit not in written_by:
        titles = " or ".join(each.value.title for each in written_by)
        yield f"event {event_id} is written with the audit subcategory {titles}: give it as audit"
