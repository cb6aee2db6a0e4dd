"""Backups of the whole site: one file, whole or not there, that was restored once before it got its name."""

from .making import Made, back_up
from .restoring import Restored, restore
from .saying import BackupError

__all__ = ["BackupError", "Made", "Restored", "back_up", "restore"]
