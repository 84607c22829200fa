"""Which correlations an account runs, and how: the catalog's, own ones, and overrides put together."""

from collections.abc import Iterator
from dataclasses import replace

from catalog.errors import CatalogError, did_you_mean
from catalog.model.correlation import Correlation
from deployment.problem import Problem
from deployment.resolution.layers import Origin
from deployment.settings.correlation import CorrelationOverride
from deployment.settings.deployment import Settings

_OF_CATALOG = CorrelationOverride(enabled=False)
_OWN = CorrelationOverride()


def choose_correlations(
    settings: Settings, origin: Origin
) -> tuple[tuple[Correlation, ...], tuple[Problem, ...]]:
    """Return the correlations that the settings of an account choose, and what is wrong with their tuning."""
    chosen: list[Correlation] = []
    problems = list(_unknown(settings, origin))
    own = {correlation.key for correlation in origin.deployment.own_correlations}
    for correlation in origin.deployment.known_correlations:
        default = _OWN if correlation.key in own else _OF_CATALOG
        override = settings.correlations.get(correlation.key, default)
        if override is None or not override.enabled:
            continue
        try:
            chosen.append(_tuned(correlation, override))
        except CatalogError as error:
            problems += [
                Problem(origin.location_of("correlations", correlation.key, place[0]), problem)
                for place, problem in error.placed_problems
            ]
    return tuple(chosen), tuple(problems)


def _unknown(settings: Settings, origin: Origin) -> Iterator[Problem]:
    known = [correlation.key for correlation in origin.deployment.known_correlations]
    for key in settings.correlations:
        if key not in known:
            hint = did_you_mean(key, known) or f"; there are {', '.join(known)}"
            yield Problem(origin.location_of("correlations", key), f"no such correlation{hint}")


def _tuned(correlation: Correlation, override: CorrelationOverride) -> Correlation:
    left_out = {
        name: (*correlation.left_out.get(name, ()), *(override.left_out or {}).get(name, ()))
        for name in (*correlation.left_out, *(override.left_out or {}))
    }
    return replace(
        correlation,
        severity=override.severity or correlation.severity,
        threshold=override.threshold or correlation.threshold,
        timespan=override.timespan or correlation.timespan,
        minimum={**correlation.minimum, **(override.minimum or {})},
        left_out=left_out,
    )
