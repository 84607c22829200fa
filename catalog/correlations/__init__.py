"""The correlations: rules over several records, a module for what they are about.

A record written at the top level of a module is in the catalog; nothing else names it.
"""

from types import ModuleType

from catalog.correlations import accounts, intrusion, logons
from catalog.errors import UnknownNameError
from catalog.model.correlation import Correlation


def _records(module: ModuleType) -> list[Correlation]:
    return [value for value in vars(module).values() if isinstance(value, Correlation)]


#: Every correlation of the catalog, in the order of the modules and, within one, of the file.
CORRELATIONS: tuple[Correlation, ...] = tuple(
    correlation for module in (logons, accounts, intrusion) for correlation in _records(module)
)
_BY_KEY = {correlation.key: correlation for correlation in CORRELATIONS}


def correlation(key: str) -> Correlation:
    """Return the correlation with this key.

    Raises:
        UnknownNameError: There is none; it names the nearest.
    """
    try:
        return _BY_KEY[key]
    except KeyError:
        raise UnknownNameError(key, "correlation", _BY_KEY) from None
