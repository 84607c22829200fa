"""What is wrong with a query, or with running it on a record."""


class InsightsError(ValueError):
    """The query is not in the language: CloudWatch would answer MalformedQueryException."""


class UndefinedBehaviorError(InsightsError):
    """The query does something whose result the user guide does not define."""
