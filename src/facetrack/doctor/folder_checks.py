"""Checks the user's files: settings, history, the folders that they are in, and the room there. Changes nothing."""

import shutil
from pathlib import Path
from typing import Final

from facetrack.doctor.check import Check, said
from facetrack.errors import FacetrackError, first_line

ENOUGH_BYTES: Final = 500_000_000
"""Free space for a year of daily sessions (journals of 1-2 MB a minute) and the models."""
ELSEWHERE: Final = "Choose another folder with --out or FACETRACK_DATA_DIR, or use --no-save."
"""What can be done where sessions can't be saved."""


def settings_check() -> Check:
    """Check that settings.toml, if there is one, can be read and understood."""
    from facetrack.app.settings import read_settings, settings_path

    try:
        read_settings()
        path = settings_path()
        return Check("settings", "good", str(path) if path.exists() else "none: everything is as it comes")
    except FacetrackError as error:
        return Check("settings", "missing", str(error).replace("\n", "; "), "Correct the file, or delete it.")
    except OSError as error:
        return Check("settings", "missing", first_line(error), "Check the permissions.")


def history_check() -> Check:
    """Check that the history, if there is one, can be read and written."""
    from facetrack.session.files import belonging
    from facetrack.session.history.database import HistoryDatabase, history_path

    try:
        path = history_path()
        if not path.exists():
            return Check("history", "good", "none yet: the first session that is kept begins it")
        with HistoryDatabase(path, only_read=True) as store:
            count = len(store.sessions())
    except FacetrackError as error:
        return Check("history", "missing", *said(error))
    except OSError as error:
        return Check("history", "missing", first_line(error), "Check the permissions.")
    found = f"{count} session{'' if count == 1 else 's'} in {path}"
    if HistoryDatabase.writable(path):
        return Check("history", "good", found)
    return Check("history", "degraded", f"{found}, which can only be read{belonging(path)}", ELSEWHERE)


def folders_check() -> Check:
    """Check that every folder is known and can be written."""
    from facetrack.session.files import look_before_writing
    from facetrack.system import paths

    try:
        folders = {"data": paths.data_dir(), "models": paths.models_dir(), "cache": paths.cache_dir()}
    except FacetrackError as error:
        return Check("folders", "missing", *said(error))
    for folder in folders.values():
        try:
            look_before_writing(folder)
        except FacetrackError as error:
            return Check("folders", "degraded", said(error)[0], ELSEWHERE)
    return Check("folders", "good", ", ".join(f"{name} in {folder}" for name, folder in folders.items()))


def disk_check(folder: Path | None = None) -> Check:
    """Check that sessions can be saved, and that there is room for many."""
    from facetrack.session.files import look_before_writing
    from facetrack.system.paths import data_dir

    try:
        folder = folder or data_dir()
        look_before_writing(folder)
        place = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
        free = shutil.disk_usage(place).free
    except FacetrackError as error:
        return Check("disk", "missing", str(error), ELSEWHERE)
    words = f"{free / 1e9:.1f} GB free in {folder}"
    if free < ENOUGH_BYTES:
        return Check("disk", "degraded", words, "Make room: a session takes 1 to 2 MB a minute.")
    return Check("disk", "good", words)
