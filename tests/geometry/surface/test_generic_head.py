"""The generic head's file holds what its script makes."""

from dataclasses import fields

import numpy as np
import pytest

from facetrack.geometry.surface.generic_head import GenericHead, generic_head
from facetrack.packets import Float
from scripts import build_generic_head


@pytest.fixture(scope="module")
def made() -> dict[str, Float]:
    return build_generic_head.generic_head()


@pytest.mark.parametrize("name", [field.name for field in fields(GenericHead)])
def test_the_file_holds_what_the_script_makes(made: dict[str, Float], name: str) -> None:
    np.testing.assert_allclose(
        getattr(generic_head(), name),
        made[name],
        atol=1.01 * build_generic_head.WEIGHT_STEP,  # another machine's rounding may go the other way
        err_msg="run scripts/build_generic_head.py",
    )
