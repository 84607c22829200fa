"""The Systems Manager document that makes Windows write the chosen events."""

import hashlib
import json
from collections.abc import Iterable

from cdktf_cdktf_provider_aws.ssm_document import SsmDocument
from constructs import Construct

from catalog import SecurityEvent
from catalog.derived.audit_script import SECURITY_LOG_BYTES, audit_document
from catalog.model.prerequisite import Prerequisite
from deployment.aws.limits import DOCUMENT_BYTES
from modules.terraform.escape_template import escape_template


class AuditPolicyDocument(Construct):
    """A Command document that applies the audit policy of chosen events, or reports how a server differs.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The document's name: 3 to 128 letters, digits, ``_``, ``-`` and ``.``, not beginning with
            ``aws``, ``amazon`` or ``amzn``.
        events: The events that Windows has to write.
        security_log_bytes: The least size of the Security log; a larger one stays.
        prerequisites: The registry values to set beside, such as that for command lines.

    Raises:
        CatalogError: The size is not one that Windows can set.
        ValueError: The document would be larger than Systems Manager takes.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        events: Iterable[SecurityEvent],
        security_log_bytes: int = SECURITY_LOG_BYTES,
        prerequisites: Iterable[Prerequisite] = (),
    ) -> None:
        super().__init__(scope, id)
        policy = audit_document(events, security_log_bytes=security_log_bytes, prerequisites=prerequisites)
        content = json.dumps(policy)
        size = len(content.encode())
        if size > DOCUMENT_BYTES:
            raise ValueError(
                f"document {name}: it has {size:,} bytes, over the {DOCUMENT_BYTES:,} that Systems Manager "
                "takes; watch fewer paths"
            )
        document = SsmDocument(
            self,
            "document",
            name=name,
            document_type="Command",
            document_format="JSON",
            content=escape_template(content),
        )
        self.name: str = document.name
        #: Changes with the document's content, and with nothing else.
        self.content_hash = hashlib.sha256(content.encode()).hexdigest()[:8]
