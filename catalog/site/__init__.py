"""The catalog as a web page: one file that needs neither a server nor the internet."""

from catalog.site.page import site_page

__all__ = ["site_page"]
