"""Organizations, workspaces and projects of Terraform Cloud."""

from typing import Annotated

from deployment.settings.templates import Template
from deployment.settings.types.text import matching

Organization = Annotated[
    str, matching(r"[\w-]{3,40}", "the name of an organization: 3 to 40 letters, digits, _ and -")
]
Hostname = Annotated[
    str,
    matching(
        r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?",
        "a host name, such as app.terraform.io (without 'https://')",
    ),
]
WorkspaceTemplate = Annotated[
    str,
    Template(),
    matching(r"[\w-]{1,90}", "the name of a workspace: 1 to 90 letters, digits, _ and -", template=True),
]
ProjectName = Annotated[
    str, matching(r"[\w -]{3,40}", "the name of a project: 3 to 40 letters, digits, spaces, _ and -")
]
