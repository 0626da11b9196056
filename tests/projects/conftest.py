"""The fixtures of the whole road serve here too."""

from tests.e2e.conftest import orders, project

__all__ = ["orders", "project"]
