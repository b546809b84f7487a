"""The head's pose, point by point."""

import math

import numpy as np

from facetrack.geometry.head.pose_fit import OUTLIER_MM, ROBUST_ROUNDS, Pose, PosePrior
from facetrack.packets import Float


def fit_pose(template_mm: Float, image_px: Float, weight: Float, prior: PosePrior | None = None) -> Pose | None:
    head, image, trusted = template_mm.tolist(), [[x, -y] for x, y in image_px.tolist()], weight.tolist()
    kept = len(head)
    if prior is not None:
        head.append(prior.pivot_mm.tolist())
        image.append([float(prior.pivot_px[0]), -float(prior.pivot_px[1])])
        trusted.append(prior.weight)
    weights = list(trusted)
    for _ in range(ROBUST_ROUNDS + 1):
        camera = _camera(head, image, weights, prior)
        if camera is None:
            return None
        rows, scale, shift = camera
        residual = []
        for point, seen in zip(head, image, strict=True):
            error = [
                scale * sum(r * p for r, p in zip(row, point, strict=True)) + s for row, s in zip(rows, shift, strict=True)
            ]
            residual.append(((error[0] - seen[0]) ** 2 + (error[1] - seen[1]) ** 2) / scale**2)
        weights = [w / (1.0 + r / OUTLIER_MM**2) for w, r in zip(trusted, residual, strict=True)]
        weights[kept:] = trusted[kept:]
    (ax, ay, az), (bx, by, bz) = rows
    forward = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx]
    cut = sum(w * min(r, (2.0 * OUTLIER_MM) ** 2) for w, r in zip(trusted[:kept], residual[:kept], strict=True))
    fit_mm = math.sqrt(cut / max(sum(trusted[:kept]), 1e-9))
    return Pose(np.array([*rows, forward]), scale, (shift[0], shift[1]), fit_mm)


def _camera(
    head: list[list[float]], image: list[list[float]], weights: list[float], prior: PosePrior | None
) -> tuple[list[list[float]], float, list[float]] | None:
    total = sum(weights)
    if not total > 0:
        return None
    head_mean = [sum(w * p[k] for w, p in zip(weights, head, strict=True)) / total for k in range(3)]
    image_mean = [sum(w * p[k] for w, p in zip(weights, image, strict=True)) / total for k in range(2)]
    spread = [[0.0] * 3 for _ in range(3)]
    mixed = [[0.0] * 2 for _ in range(3)]
    for w, point, seen in zip(weights, head, image, strict=True):
        centred = [p - m for p, m in zip(point, head_mean, strict=True)]
        offset = [s - m for s, m in zip(seen, image_mean, strict=True)]
        for i in range(3):
            for j in range(3):
                spread[i][j] += w * centred[i] * centred[j]
            for j in range(2):
                mixed[i][j] += w * centred[i] * offset[j]
    if prior is not None:
        for i in range(3):
            spread[i][i] += prior.inertia
            for j in range(2):
                mixed[i][j] += prior.inertia * prior.camera[j][i]
    ridge = 1e-6 * (spread[0][0] + spread[1][1] + spread[2][2])
    table = [[spread[i][j] + (ridge if i == j else 0.0) for j in range(3)] + mixed[i] for i in range(3)]
    solved = _eliminated(table)
    affine = [[solved[i][3 + k] for i in range(3)] for k in range(2)]
    p, q, r = (sum(a * b for a, b in zip(affine[i], affine[j], strict=True)) for i, j in ((0, 0), (0, 1), (1, 1)))
    determinant = math.sqrt(max(p * r - q * q, 0.0))
    if not determinant > 0:
        return None
    trace = math.sqrt(p + r + 2.0 * determinant)
    root = [[r + determinant, -q], [-q, p + determinant]]
    rows = [
        [(root[k][0] * affine[0][i] + root[k][1] * affine[1][i]) / (determinant * trace) for i in range(3)] for k in range(2)
    ]
    fits = sum(rows[k][i] * mixed[i][k] for k in range(2) for i in range(3))
    size = sum(rows[k][i] * spread[i][j] * rows[k][j] for k in range(2) for i in range(3) for j in range(3))
    if prior is not None:
        fits, size = fits + prior.stiffness * size * prior.scale, size * (1.0 + prior.stiffness)
    if not (size > 0 and fits > 0):
        return None
    scale = fits / size
    shift = [image_mean[k] - scale * sum(rows[k][i] * head_mean[i] for i in range(3)) for k in range(2)]
    return rows, scale, shift


def _eliminated(table: list[list[float]]) -> list[list[float]]:
    """Gauss-Jordan with pivoting."""
    for column in range(len(table)):
        best = max(range(column, len(table)), key=lambda row: abs(table[row][column]))
        table[column], table[best] = table[best], table[column]
        pivot = table[column][column]
        table[column] = [value / pivot for value in table[column]]
        for row in range(len(table)):
            if row != column:
                factor = table[row][column]
                table[row] = [a - factor * b for a, b in zip(table[row], table[column], strict=True)]
    return table
