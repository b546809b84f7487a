"""One case, truth and verdicts side by side, for finding out why it failed."""

from benchmarks.accuracy.cases import case_of, performance_of
from benchmarks.accuracy.expected import expected_units
from benchmarks.accuracy.judging import judge, unstacked
from benchmarks.accuracy.run import Level, track
from benchmarks.accuracy.scoring import figures_of, match
from benchmarks.accuracy.truth_signals import Signals


def show(case_id: str, seed: int, level: Level) -> str:
    """A timeline: T lines are the truth, C lines the coach, E its events, X what the contract asks for."""
    case = case_of(case_id, seed)
    performance = performance_of(case)
    signals = Signals.of(performance)
    units = expected_units(signals)
    made = track(case, performance, level)
    routine, step = case.compiled()
    told = judge(unstacked(made.points), routine, step.id)
    scored = match(told.events, units, float(made.points["t_s"][-1]), told.unjudged)
    lines: list[tuple[float, str]] = []
    for stroke in performance.strokes:
        if stroke.kind != "rest" or stroke.t_end_s - stroke.t_start_s > 0.8:
            text = f"T {stroke.side:5s} {stroke.kind:7s} -{stroke.t_end_s:6.2f}  {stroke.length_mm:5.1f} mm"
            lines.append((stroke.t_start_s, text + (f" {stroke.turns:.0f} turns" if stroke.turns else "")))
    for s in told.strokes:
        text = f"C {s.side:5s} {s.kind:9s} -{s.t_end_s:6.2f}  {s.length_mm:5.1f} mm {s.mean_mm_s:5.0f} mm/s"
        text += f" off {s.off_path_deg:4.0f} deg zone {s.zone_share:.2f}{' counted' if s.counted else ''}"
        text += "" if s.hand == s.side else f" hand {s.hand}"
        lines.append((s.t_start_s, f"{'':48s}{text}"))
    for e in told.events:
        verdict = "false" if e in scored.false else "due" if e in scored.true else "tolerated"
        lines.append((e.t_start_s, f"{'':20s}E {e.kind} {e.side} -{e.t_end_s:6.2f} {e.note} ({verdict})"))
    for u in units:
        times = "".join(f" {name} {t:.2f}" for name, t in (("evidence", u.evidence_s), ("mend", u.mend_s)) if t is not None)
        lines.append(
            (
                u.t_start_s,
                f"{'':20s}X {u.kind} {u.side} {u.variant} -{u.t_end_s:6.2f}{times}{'' if u.required else ' tolerated'}",
            )
        )
    head = [f"{case.id}  {case.conditions}", f"{case.style}  onset {case.onset}"]
    tail = [f"{figures_of(told, signals)}", f"withheld {told.withheld_s:.1f} of {told.since_hand_s:.1f} s {told.withheld}"]
    return "\n".join([*head, *(f"{t:7.2f} {text}" for t, text in sorted(lines)), *tail])
