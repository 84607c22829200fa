"""The Systems Manager document whose ordered steps make a server watched."""

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.ssm_document import SsmDocument
from constructs import Construct

from deployment.resources.documents import DocumentSpec
from modules.terraform.escape_template import escape_template
from modules.terraform.providers import use_provider


class ServerDocument(Construct):
    """A Command document with the ordered steps that make a server watched.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        spec: Its name and content, such as ``deployment.resources.documents.ordered_document`` returns.
        provider: The AWS provider of its resources. Default: the stack's.
    """

    def __init__(
        self, scope: Construct, id: str, *, spec: DocumentSpec, provider: TerraformProvider | None = None
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        document = SsmDocument(
            self,
            "document",
            name=spec.name,
            document_type="Command",
            document_format="JSON",
            content=escape_template(spec.content),
        )
        self.name: str = document.name
        #: Changes with the document's content, and with nothing else.
        self.content_hash = spec.content_hash
