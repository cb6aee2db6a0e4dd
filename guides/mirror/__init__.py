"""The whole public site as plain files, for the day on which neither application nor database answers.

``write`` makes a version of the mirror; docs/operations.md says how nginx serves one.
"""

from .making import Outcome, has_changed, write
from .pages import MirrorStopped
from .press import Wish

__all__ = ["MirrorStopped", "Outcome", "Wish", "has_changed", "write"]
