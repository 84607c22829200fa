"""A Systems Manager document of type Command, whose content never repeats."""

from cdktf import DataResource
from cdktf_cdktf_provider_aws.ssm_document import SsmDocument
from constructs import Construct

from deployment.resources.documents import DocumentSpec
from modules.terraform.escape_template import escape_template


def command_document(scope: Construct, spec: DocumentSpec) -> SsmDocument:
    """Create a Command document under a construct.

    Systems Manager refuses a content that any version of the document has had (UpdateDocument,
    DuplicateDocumentContent). The AWS provider takes this for success, and the servers would run the other
    content for ever after a change that was taken back. The description therefore names the id of a
    ``terraform_data``, which is replaced with each content.

    Args:
        scope: The construct; it gets the children ``document`` and ``content``, which is kept in the state.
        spec: Its name and content.
    """
    change = DataResource(scope, "content", triggers_replace={"content": escape_template(spec.content)})
    return SsmDocument(
        scope,
        "document",
        name=spec.name,
        document_type="Command",
        document_format="JSON",
        content=escape_template(spec.content_of_change(change.id)),
    )
