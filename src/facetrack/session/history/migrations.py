"""Describes the history's database, version by version. A released version is never edited: changes are further entries."""

from typing import Final

MIGRATIONS: Final = (
    """
    CREATE TABLE sessions (
        session_id TEXT PRIMARY KEY,
        routine TEXT NOT NULL,
        routine_version INTEGER NOT NULL,
        routine_sha256 TEXT NOT NULL,
        facetrack_version TEXT NOT NULL,
        started_at TEXT NOT NULL,
        duration_s REAL NOT NULL,
        complete INTEGER NOT NULL,
        source_kind TEXT NOT NULL,
        source_name TEXT NOT NULL,
        frames INTEGER NOT NULL,
        frames_dropped INTEGER,
        face_seen REAL,
        left_seen REAL,
        right_seen REAL,
        withheld REAL,
        calibration TEXT,
        mm_per_px REAL,
        mm_per_px_error REAL,
        fps REAL,
        score INTEGER,
        pulse_bpm REAL,
        pulse_source TEXT,
        pulse_confidence REAL,
        pulse_synchrony REAL,
        labels TEXT NOT NULL,
        folder TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX sessions_by_time ON sessions (started_at);
    CREATE TABLE steps (
        session_id TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
        step_place INTEGER NOT NULL,
        step TEXT NOT NULL,
        status TEXT NOT NULL,
        t_start_s REAL NOT NULL,
        t_end_s REAL NOT NULL,
        observed_s REAL NOT NULL,
        left_repetitions INTEGER,
        left_strokes INTEGER,
        left_path_mm REAL,
        left_zone_share REAL,
        left_direction_score REAL,
        left_pace_median_mm_s REAL,
        left_pace_p90_mm_s REAL,
        left_pace_in_range_share REAL,
        left_coverage REAL,
        left_mean_acceleration_mm_s2 REAL,
        left_approximate_entropy REAL,
        right_repetitions INTEGER,
        right_strokes INTEGER,
        right_path_mm REAL,
        right_zone_share REAL,
        right_direction_score REAL,
        right_pace_median_mm_s REAL,
        right_pace_p90_mm_s REAL,
        right_pace_in_range_share REAL,
        right_coverage REAL,
        right_mean_acceleration_mm_s2 REAL,
        right_approximate_entropy REAL,
        balance REAL,
        mean_acceleration_mm_s2 REAL,
        withheld REAL,
        score INTEGER,
        PRIMARY KEY (session_id, step_place)
    ) WITHOUT ROWID;
    CREATE TABLE strokes (
        session_id TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
        stroke INTEGER NOT NULL,
        step_place INTEGER NOT NULL,
        step TEXT NOT NULL,
        side TEXT NOT NULL,
        hand TEXT NOT NULL,
        t_start_s REAL NOT NULL,
        t_end_s REAL NOT NULL,
        length_mm REAL,
        mean_mm_s REAL,
        peak_mm_s REAL,
        off_path_deg REAL,
        straightness REAL,
        turning_rad REAL,
        zone_share REAL,
        contact_share REAL,
        kind TEXT NOT NULL,
        counted INTEGER NOT NULL,
        start_x_mm REAL,
        start_y_mm REAL,
        end_x_mm REAL,
        end_y_mm REAL,
        PRIMARY KEY (session_id, stroke)
    ) WITHOUT ROWID;
    CREATE TABLE corrections (
        session_id TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
        correction INTEGER NOT NULL,
        step TEXT NOT NULL,
        side TEXT NOT NULL,
        kind TEXT NOT NULL,
        t_start_s REAL NOT NULL,
        t_end_s REAL,
        value REAL,
        "limit" REAL,
        message_id TEXT NOT NULL,
        message TEXT NOT NULL,
        shown INTEGER NOT NULL,
        spoken INTEGER NOT NULL,
        PRIMARY KEY (session_id, correction)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE withheld_intervals (
        session_id TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
        interval INTEGER NOT NULL,
        t_start_s REAL NOT NULL,
        t_end_s REAL NOT NULL,
        side TEXT NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (session_id, interval)
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE steps ADD COLUMN synchrony REAL
    """,
    # Until session.json's version 2 these figures meant something else.
    """
    UPDATE steps SET
        balance = NULL,
        mean_acceleration_mm_s2 = NULL,
        left_mean_acceleration_mm_s2 = NULL,
        left_approximate_entropy = NULL,
        right_mean_acceleration_mm_s2 = NULL,
        right_approximate_entropy = NULL
    """,
)
