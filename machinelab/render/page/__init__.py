"""A run as one page that needs nothing else: guide, ladder, packets, fields and bytes; readable and printable without its script."""

from .page import page

__all__ = ["page"]
