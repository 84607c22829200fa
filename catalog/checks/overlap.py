"""Whether one record could be found by two events.

Two events of one provider and id are apart when some data field decides between them: one asks for logon type
3, the other for 10. Otherwise a record may exist that both find, and raise two alarms for one occurrence.
"""

from itertools import product

from catalog.model.condition import Condition, Operator
from catalog.model.security_event import SecurityEvent


def may_find_the_same(one: SecurityEvent, other: SecurityEvent) -> bool:
    """Return whether no condition keeps the two events from finding the same record.

    ``ends_with`` is taken as exact for its field, also where the pattern is wider; ``contains`` is not.
    """
    if (one.provider, one.event_id) != (other.provider, other.event_id):
        return False
    return not any(
        (a.field, a.in_header) == (b.field, b.in_header) and (are_apart(a, b) or are_apart(b, a))
        for a, b in product(one.where, other.where)
    )


def are_apart(a: Condition, b: Condition) -> bool:
    """Return whether no value of the field fulfils both, as far as can be seen from ``a``'s side."""
    match a.operator, b.operator:
        case Operator.EQUALS, _:
            return not any(holds(b, value) for value in a.values)
        case Operator.STARTS_WITH, Operator.STARTS_WITH:
            return not any(v.startswith(w) or w.startswith(v) for v, w in product(a.values, b.values))
        case Operator.ENDS_WITH, Operator.ENDS_WITH:
            return not any(v.endswith(w) or w.endswith(v) for v, w in product(a.values, b.values))
        case Operator.STARTS_WITH, Operator.NOT_STARTS_WITH:
            return all(value.startswith(b.values) for value in a.values)
        case Operator.ENDS_WITH, Operator.NOT_ENDS_WITH:
            return all(value.endswith(b.values) for value in a.values)
        case Operator.STARTS_WITH | Operator.ENDS_WITH | Operator.CONTAINS, Operator.NOT_CONTAINS:
            return all(any(part in value for part in b.values) for value in a.values)
    return False


def holds(condition: Condition, value: str) -> bool:
    """Return whether a value fulfils a condition; True where no value of the field decides."""
    match condition.operator:
        case Operator.EQUALS:
            return value in condition.values
        case Operator.NOT_EQUALS:
            return value not in condition.values
        case Operator.STARTS_WITH:
            return value.startswith(condition.values)
        case Operator.NOT_STARTS_WITH:
            return not value.startswith(condition.values)
        case Operator.ENDS_WITH:
            return value.endswith(condition.values)
        case Operator.NOT_ENDS_WITH:
            return not value.endswith(condition.values)
        case Operator.NOT_CONTAINS:
            return not any(part in value for part in condition.values)
        case Operator.CONTAINS:
            # Found anywhere in the record, so that no value of this field decides.
            return True
