"""The Systems Manager document that makes Windows write the chosen events."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from catalog.derived.audit_script import audit_document
from catalog.model.prerequisite import Prerequisite
from catalog.model.security_event import SecurityEvent
from deployment.aws.limits import DOCUMENT_BYTES
from deployment.resolution.region_plan import RegionPlan


@dataclass(frozen=True, slots=True)
class DocumentSpec:
    """A Systems Manager document of type Command, in JSON."""

    name: str
    content: str

    @property
    def content_hash(self) -> str:
        """Changes with the content, and with nothing else."""
        return hashlib.sha256(self.content.encode()).hexdigest()[:8]


def document_of(
    events: Iterable[SecurityEvent],
    *,
    name: str,
    security_log_bytes: int,
    prerequisites: Iterable[Prerequisite] = (),
) -> DocumentSpec:
    """Return the document that applies the audit policy of some events.

    Raises:
        CatalogError: The size is not one that Windows can set.
        ValueError: The document would be larger than Systems Manager takes.
    """
    policy = audit_document(events, security_log_bytes=security_log_bytes, prerequisites=prerequisites)
    content = json.dumps(policy)
    size = len(content.encode())
    if size > DOCUMENT_BYTES:
        raise ValueError(
            f"document {name}: it has {size:,} bytes, over the {DOCUMENT_BYTES:,} that Systems Manager "
            "takes; watch fewer paths"
        )
    return DocumentSpec(name, content)


def audit_policy_document(plan: RegionPlan) -> DocumentSpec | None:
    """Return the audit policy document of a region; None where the policy is not applied."""
    if not plan.settings.associations.apply_audit_policy.enabled:
        return None
    return document_of(
        plan.events,
        name=plan.names.audit_policy_document,
        security_log_bytes=plan.settings.audit_policy.security_log_bytes,
        prerequisites=plan.settings.audit_policy.prerequisites,
    )
