"""The Systems Manager document that makes Windows write the chosen events."""

from collections.abc import Iterable

from cdktf import TerraformProvider
from constructs import Construct

from catalog import SecurityEvent
from catalog.derived.audit_script import SECURITY_LOG_BYTES
from catalog.model.prerequisite import Prerequisite
from deployment.resources.documents import document_of
from deployment.settings.audit_policy import AbsentPath
from modules.servers.command_document import command_document
from modules.terraform.providers import use_provider


class AuditPolicyDocument(Construct):
    """A Command document that applies the audit policy of chosen events, or reports how a server differs.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        name: The document's name: 3 to 128 letters, digits, ``_``, ``-`` and ``.``, not beginning with
            ``aws``, ``amazon`` or ``amzn``.
        events: The events that Windows has to write.
        security_log_bytes: The least size of the Security log; a larger one stays.
        prerequisites: The registry values to set as well, such as that for command lines. Default: none.
        absent: What a watched path that a server does not have amounts to. Default: a line of the output.
        provider: The AWS provider of its resources. Default: the stack's.

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
        absent: AbsentPath = AbsentPath.REPORT,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        spec = document_of(
            events,
            name=name,
            security_log_bytes=security_log_bytes,
            prerequisites=prerequisites,
            absent=absent,
        )
        self.resource = command_document(self, spec)
        self.name: str = self.resource.name
        #: Changes with the document's content, and with nothing else.
        self.content_hash = spec.content_hash
