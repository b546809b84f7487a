"""Light on the mannequin's vertices: soft Lambert with a hemisphere of ambient light, occlusion, and a faint sheen."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.mannequin.render.scene import Light

Float32 = NDArray[np.float32]
_WRAP: Final = 0.22  # skin scatters: light reaches a little past the terminator
_SHEEN: Final = 26.0  # grey levels at full lamp
_SHEEN_POWER: Final = 18
_RIM: Final = 0.22  # darkening of skin seen edge-on
_DEEPEST: Final = 0.40  # brightness of a wholly occluded place


def shade_vertices(normals: Float32, occlusion: Float32, light: Light) -> tuple[Float32, Float32]:
    """Return the factor on the skin's colour (V,) and the white sheen (V,) in grey levels.

    normals: (V, 3) body frame. occlusion: (V,).
    """
    towards = light.towards.astype(np.float32)
    incidence = normals @ towards
    lamp = np.clip((incidence + _WRAP) / (1 + _WRAP), 0, 1) * np.float32(light.lamp)
    sky = np.float32(light.ambient) * (np.float32(0.86) + np.float32(0.14) * normals[:, 1])
    rim = np.float32(1 - _RIM) + np.float32(_RIM) * np.sqrt(np.clip(normals[:, 2], 0, 1))
    buried = np.float32(_DEEPEST) + np.float32(1 - _DEEPEST) * occlusion
    half = towards + np.array([0, 0, 1], np.float32)
    half /= np.linalg.norm(half)
    sheen = np.clip(normals @ half, 0, 1) ** _SHEEN_POWER * np.float32(_SHEEN * light.lamp) * occlusion
    return (lamp + sky) * rim * buried, sheen
