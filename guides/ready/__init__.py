"""Pages kept ready: whole responses, made once per content version and answered without Django.

The application server loads :class:`ReadyPages` around Django. A page stays while nothing it depends on has a new stamp.
"""

from .application import ReadyPages

__all__ = ["ReadyPages"]
