"""The Systems Manager document whose ordered steps make a server watched."""

from cdktf import TerraformProvider
from constructs import Construct

from deployment.resources.documents import DocumentSpec
from modules.servers.command_document import command_document
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
        self.name: str = command_document(self, spec).name
        #: Changes with the document's content, and with nothing else.
        self.content_hash = spec.content_hash
