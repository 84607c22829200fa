"""What people read of an event or a correlation, in the language of the account."""

from catalog.model.correlation import Correlation
from catalog.model.security_event import SecurityEvent, Severity
from deployment.settings.deployment import Language

_SEVERITY_JA = {
    Severity.INFORMATIONAL: "情報",
    Severity.LOW: "低",
    Severity.MEDIUM: "中",
    Severity.HIGH: "高",
    Severity.CRITICAL: "重大",
}


def title(event: SecurityEvent | Correlation, language: Language) -> str:
    """Return what happened."""
    return event.title_ja if language is Language.JAPANESE else event.title


def runbook(event: SecurityEvent | Correlation, language: Language) -> str:
    """Return what to do."""
    return event.runbook_ja if language is Language.JAPANESE else event.runbook


def severity(event: SecurityEvent | Correlation, language: Language) -> str:
    """Return how bad it is."""
    return _SEVERITY_JA[event.severity] if language is Language.JAPANESE else event.severity.value
