"""Make the wheel's face model one that MediaPipe's FaceLandmarker can load.

``face_landmark_with_attention.tflite`` gives seven tensors: the mesh (468 x 3), refined lips (80 x 2), eyes (71 x 2 each)
and irises (5 x 2 each), and a face flag. The old FaceMesh graph merged them outside the model; FaceLandmarker expects one
tensor (478 x 3) and the flag. Here the merge is appended to the model itself, in TFLite's own operators. It does what
MediaPipe's ``tensors_to_face_landmarks_with_attention`` graph did (Apache-2.0, the index tables are from there): refined
points replace the mesh's x and y, z stays the mesh's, and an iris gets the mean z of its eye's contour.
"""

from typing import Any, Final

import flatbuffers
import numpy as np
from mediapipe.tasks.metadata import schema_py_generated as tflite

MESH_POINTS: Final = 468
POINTS: Final = 478
IRIS_POINTS: Final = 5
EYE_CONTOUR: Final = 16
"""The first points of an eye's table run round its lids."""

# Mesh points that the refined tensors give, in the tensors' order. The model's "left_eye" is on the image's left: the
# subject's right.
# fmt: off
LIPS: Final = (
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409, 78, 95, 88, 178, 87, 14,
    317, 402, 318, 324, 308, 191, 80, 81, 82, 13, 312, 311, 310, 415, 76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306,
    184, 74, 73, 72, 11, 302, 303, 304, 408, 62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292, 183, 42, 41, 38, 12, 268,
    271, 272, 407,
)
IMAGE_LEFT_EYE: Final = (
    33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173, 130, 25, 110, 24, 23, 22, 26, 112, 243,
    247, 30, 29, 27, 28, 56, 190, 226, 31, 228, 229, 230, 231, 232, 233, 244, 113, 225, 224, 223, 222, 221, 189, 35,
    124, 46, 53, 52, 65, 143, 111, 117, 118, 119, 120, 121, 128, 245, 156, 70, 63, 105, 66, 107, 55, 193,
)
IMAGE_RIGHT_EYE: Final = (
    263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398, 359, 255, 339, 254, 253, 252, 256,
    341, 463, 467, 260, 259, 257, 258, 286, 414, 446, 261, 448, 449, 450, 451, 452, 453, 464, 342, 445, 444, 443, 442,
    441, 413, 265, 353, 276, 283, 282, 295, 372, 340, 346, 347, 348, 349, 350, 357, 465, 383, 300, 293, 334, 296, 336,
    285, 417,
)

# fmt: on

REFINED: Final = (
    ("output_lips", LIPS),
    ("output_left_eye", IMAGE_LEFT_EYE),
    ("output_right_eye", IMAGE_RIGHT_EYE),
    ("output_left_iris", tuple(range(MESH_POINTS, MESH_POINTS + IRIS_POINTS))),
    ("output_right_iris", tuple(range(MESH_POINTS + IRIS_POINTS, POINTS))),
)

_FLOAT32: Final = 0
_INT32: Final = 2
_BUILDER_BYTES: Final = 1 << 22
_MAX_DEPRECATED_CODE: Final = 127


def graft_face_model(model: bytes) -> bytes:
    """Return the wheel's face model with the merge appended. Takes a verified file; on any other it raises what flatbuffers
    raises."""
    graph = _Graph(tflite.ModelT.InitFromObj(tflite.Model.GetRootAsModel(model, 0)))
    outputs = graph.outputs()
    mesh = graph.reshape(outputs["output_mesh_identity"], (MESH_POINTS, 3), "mesh")
    xy, z = _merged_xy(graph, outputs, mesh), _merged_z(graph, mesh)
    xyz = graph.concatenate([xy, z], 1, (POINTS, 3), "xyz")
    landmarks = graph.reshape(xyz, (1, 1, 1, POINTS * 3), "landmarks")
    return graph.packed([landmarks, outputs["conv_faceflag"]])


def _merged_xy(graph: "_Graph", outputs: dict[str, int], mesh: int) -> int:
    """Merge all x and y, the refined ones in place of the mesh's: stack every tensor, then pick each point's row."""
    rows = np.zeros(POINTS, np.int32)
    rows[:MESH_POINTS] = np.arange(MESH_POINTS)
    parts = [graph.gather(mesh, [0, 1], 1, (MESH_POINTS, 2), "mesh_xy")]
    stacked = MESH_POINTS
    for name, points in REFINED:
        parts.append(graph.reshape(outputs[name], (len(points), 2), f"{name}_xy"))
        rows[list(points)] = np.arange(stacked, stacked + len(points))
        stacked += len(points)
    every = graph.concatenate(parts, 0, (stacked, 2), "all_xy")
    return graph.gather(every, rows, 0, (POINTS, 2), "xy")


def _merged_z(graph: "_Graph", mesh: int) -> int:
    """Merge the mesh's z, then for each iris the mean of its eye's contour."""
    z = graph.gather(mesh, [2], 1, (MESH_POINTS, 1), "mesh_z")
    parts = [z]
    for name, eye in (("left", IMAGE_LEFT_EYE), ("right", IMAGE_RIGHT_EYE)):
        contour = graph.gather(z, list(eye[:EYE_CONTOUR]), 0, (EYE_CONTOUR, 1), f"{name}_eye_z")
        parts.append(graph.mean_of_rows(contour, f"{name}_iris_z"))
    every = graph.concatenate(parts, 0, (MESH_POINTS + 2, 1), "all_z")
    rows = [*range(MESH_POINTS), *[MESH_POINTS] * IRIS_POINTS, *[MESH_POINTS + 1] * IRIS_POINTS]
    return graph.gather(every, rows, 0, (POINTS, 1), "z")


class _Graph:
    """A TFLite model that operators can be appended to. Methods return the index of the tensor that they make."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._subgraph = model.subgraphs[0]

    def outputs(self) -> dict[str, int]:
        return {self._subgraph.tensors[index].name.decode(): int(index) for index in self._subgraph.outputs}

    def packed(self, outputs: list[int]) -> bytes:
        self._subgraph.outputs = outputs
        builder = flatbuffers.Builder(_BUILDER_BYTES)
        builder.Finish(self._model.Pack(builder), b"TFL3")
        return bytes(builder.Output())

    def reshape(self, tensor: int, shape: tuple[int, ...], name: str) -> int:
        options = tflite.ReshapeOptionsT()
        options.newShape = list(shape)
        inputs = [tensor, self._constant(f"{name}/shape", shape)]
        return self._append("RESHAPE", inputs, self._tensor(name, shape), "ReshapeOptions", options)

    def concatenate(self, tensors: list[int], axis: int, shape: tuple[int, ...], name: str) -> int:
        options = tflite.ConcatenationOptionsT()
        options.axis = axis
        return self._append("CONCATENATION", tensors, self._tensor(name, shape), "ConcatenationOptions", options)

    def gather(self, tensor: int, index: Any, axis: int, shape: tuple[int, ...], name: str) -> int:
        options = tflite.GatherOptionsT()
        options.axis = axis
        inputs = [tensor, self._constant(f"{name}/index", index)]
        return self._append("GATHER", inputs, self._tensor(name, shape), "GatherOptions", options)

    def mean_of_rows(self, tensor: int, name: str) -> int:
        options = tflite.ReducerOptionsT()
        options.keepDims = True
        inputs = [tensor, self._constant(f"{name}/axis", [0])]
        return self._append("MEAN", inputs, self._tensor(name, (1, 1)), "ReducerOptions", options)

    def _constant(self, name: str, values: Any) -> int:
        data = np.asarray(values, np.int32)
        return self._tensor(name, data.shape, _INT32, data)

    def _tensor(self, name: str, shape: tuple[int, ...], kind: int = _FLOAT32, data: Any = None) -> int:
        buffer = tflite.BufferT()
        if data is not None:
            buffer.data = np.frombuffer(data.astype("<i4").tobytes(), np.uint8)
        self._model.buffers.append(buffer)
        tensor = tflite.TensorT()
        tensor.name, tensor.shape, tensor.type = name.encode(), list(shape), kind
        tensor.buffer = len(self._model.buffers) - 1
        self._subgraph.tensors.append(tensor)
        return len(self._subgraph.tensors) - 1

    def _append(self, code: str, inputs: list[int], output: int, options_kind: str, options: Any) -> int:
        operator = tflite.OperatorT()
        operator.opcodeIndex = self._opcode(getattr(tflite.BuiltinOperator, code))
        operator.inputs, operator.outputs = inputs, [output]
        operator.builtinOptionsType = getattr(tflite.BuiltinOptions, options_kind)
        operator.builtinOptions = options
        self._subgraph.operators.append(operator)
        return output

    def _opcode(self, code: int) -> int:
        for index, known in enumerate(self._model.operatorCodes):
            if max(known.builtinCode, known.deprecatedBuiltinCode) == code:
                return index
        added = tflite.OperatorCodeT()
        added.builtinCode, added.deprecatedBuiltinCode, added.version = code, min(code, _MAX_DEPRECATED_CODE), 1
        self._model.operatorCodes.append(added)
        return len(self._model.operatorCodes) - 1
