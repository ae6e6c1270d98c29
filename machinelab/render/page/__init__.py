"""Pages: a run as a walkthrough that needs nothing else, readable and printable without its script; and the shell of any other page."""

from .page import page
from .walk import Sources, Walk, walk

__all__ = ["Sources", "Walk", "page", "walk"]
