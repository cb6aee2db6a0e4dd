"""The collected static files of the public pages."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage

from .pages import MirrorStopped

LEFT_OUT = ("admin", "staticfiles.json")
"""The desk has no place in a mirror."""


def collected_files() -> Path:
    """The folder of collected files; raises ``MirrorStopped`` when pages name files that are not there."""
    folder = Path(settings.STATIC_ROOT)
    needs_hashes = isinstance(staticfiles_storage, ManifestStaticFilesStorage)
    if not folder.is_dir() or (needs_hashes and not (folder / "staticfiles.json").is_file()):
        raise MirrorStopped(
            "还没有整理静态文件，网页会没有样式。请先运行：python manage.py collectstatic --no-input"
        )
    return folder


def copy_static(target: Path) -> None:
    """All of them, with their compressed twins, to ``static/`` of a version."""
    shutil.copytree(
        collected_files(), target / "static", ignore=shutil.ignore_patterns(*LEFT_OUT), dirs_exist_ok=True
    )
