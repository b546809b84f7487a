"""Reduces each session of a dataset to one row of figures."""

from pathlib import Path
from typing import Any, Final

from facetrack.errors import UsageError
from facetrack.routine.kinds import KINDS
from facetrack.study.dataset.read import read_table
from facetrack.study.dataset.tables import PARTICIPANT, STUDY_CORRECTIONS, STUDY_SESSIONS, STUDY_STEPS
from facetrack.study.libraries import library

STATUSES: Final = ("done", "partial", "skipped", "unseen", "stopped")
MEASURES: Final = {
    "score": "score, 0 to 100",
    "withheld": "share of the time that could not be judged",
    "zone_share": "share of the contact inside the zone",
    "direction_score": "mean cosine to the path",
    "pace_in_range": "share of the stroking within the step's range of speeds",
    "balance": "the shorter side's path over the longer one's",
    "corrections_min": "corrections a minute of what was observed",
    **{f"{kind}_min": f"corrections of {about.word} a minute" for kind, about in KINDS.items()},
}
"""The figures of a session that are summed up, and what they are."""
KEYS: Final = [PARTICIPANT, "condition"]
NO_CONDITION: Final = "(none)"


def session_measures(folder: Path) -> Any:
    """Return a pandas frame with a row for each session of the dataset: its keys, counts of steps by status, and MEASURES.

    A figure that could not be had is NaN. Raises UsageError where the dataset is empty.
    """
    pandas = library("pandas")
    wanted = ["session_id", "routine", "started_at", "duration_s", "score", "withheld", "condition", PARTICIPANT]
    sessions = read_table(folder, STUDY_SESSIONS).select(wanted).to_pandas()
    if sessions.empty:
        raise UsageError(f"{folder} holds no sessions.")
    sessions["condition"] = sessions["condition"].fillna(NO_CONDITION)
    steps = read_table(folder, STUDY_STEPS).to_pandas()
    counts = pandas.crosstab(steps["session_id"], steps["status"]).reindex(columns=list(STATUSES), fill_value=0)
    made = sessions.set_index("session_id").join(counts.add_prefix("steps_")).join(_figures(steps))
    made[[f"steps_{one}" for one in STATUSES]] = made[[f"steps_{one}" for one in STATUSES]].fillna(0).astype(int)
    made = made.join(_corrections(folder))
    minutes = steps.groupby("session_id")["observed_s"].sum() / 60
    for name in ("corrections_min", *(f"{kind}_min" for kind in KINDS)):
        made[name] = made[name].fillna(0) / minutes.where(minutes > 0).reindex(made.index)
    ordered = made.sort_values([PARTICIPANT, "condition", "started_at"])
    ordered["session"] = ordered.groupby(KEYS).cumcount() + 1
    return ordered.reset_index()


def _figures(steps: Any) -> Any:
    """Return figures of a session as means over its steps, weighted by what they rest on."""
    pandas = library("pandas")
    sides = pandas.concat(
        steps[["session_id", "observed_s"]].assign(
            **{
                name: steps[f"{side}_{column}"]
                for name, column in (
                    ("zone_share", "zone_share"),
                    ("direction_score", "direction_score"),
                    ("pace_in_range", "pace_in_range_share"),
                )
            },
            weight=steps[f"{side}_path_mm"],
        )
        for side in ("left", "right")
    )
    figures = {name: _weighted_mean(sides, name, "weight") for name in ("zone_share", "direction_score", "pace_in_range")}
    return pandas.DataFrame(figures | {"balance": _weighted_mean(steps, "balance", "observed_s")})


def _weighted_mean(rows: Any, name: str, weight: str) -> Any:
    known = rows[rows[name].notna() & rows[weight].notna()]
    sums = known.assign(product=known[name] * known[weight]).groupby("session_id")[["product", weight]].sum()
    return sums["product"] / sums[weight].where(sums[weight] > 0)


def _corrections(folder: Path) -> Any:
    pandas = library("pandas")
    corrections = read_table(folder, STUDY_CORRECTIONS).select(["session_id", "kind"]).to_pandas()
    counts = pandas.crosstab(corrections["session_id"], corrections["kind"]).reindex(columns=list(KINDS), fill_value=0)
    return counts.add_suffix("_min").assign(corrections_min=counts.sum(axis=1))
