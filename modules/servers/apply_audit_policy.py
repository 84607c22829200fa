"""Makes Windows write the chosen events: the account's own audit policy document."""

from typing import Unpack

from constructs import Construct

from deployment import AuditMode
from modules.servers.association import Association, AssociationArguments
from modules.servers.audit_policy_document import AuditPolicyDocument


class ApplyAuditPolicy(Association):
    """Applies the audit policy to the servers, or only reports how they differ from it.

    A server where something failed, or with ``report`` would change, becomes non-compliant. The association's
    name carries a hash of the document's content, so that other events, paths or sizes run it again at once.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        document: The document that holds the policy.
        mode: Whether to apply the policy or only to report.
        arguments: As ``AssociationArguments``; nine characters are added to ``name``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        document: AuditPolicyDocument,
        mode: AuditMode = AuditMode.APPLY,
        **arguments: Unpack[AssociationArguments],
    ) -> None:
        arguments["name"] = f"{arguments['name']}-{document.content_hash}"
        super().__init__(scope, id, document=document.name, parameters={"mode": mode.value}, **arguments)
