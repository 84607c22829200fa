"""The generated pages of ``docs/reference/``, written from the records.

Nobody edits them: ``python -m catalog docs`` writes them anew, and a test tells when they are out of date.
"""

from collections.abc import Mapping

from catalog.docs.appendix_l_page import appendix_l_page
from catalog.docs.audit_policy_page import audit_policy_page
from catalog.docs.catalog_page import catalog_page

__all__ = ["pages"]


def pages() -> Mapping[str, str]:
    """Return the text of each page, by the name of its file."""
    return {
        "appendix-l.md": appendix_l_page(),
        "audit-policy.md": audit_policy_page(),
        "catalog.md": catalog_page(),
    }
