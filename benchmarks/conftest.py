"""Speed benchmarks' JSON: medians and ratios to a reference of the same run, without names or single measurements."""

from typing import Any

_REFERENCE = "test_reference"
_KEPT_OF_THE_MACHINE = ("machine", "system", "python_version", "python_implementation")
_KEPT_STATS = ("min", "median", "iqr", "rounds", "iterations")


def pytest_benchmark_update_machine_info(machine_info: dict[str, Any]) -> None:
    cores = machine_info.get("cpu", {}).get("count")
    kept = {name: machine_info[name] for name in _KEPT_OF_THE_MACHINE if name in machine_info}
    machine_info.clear()
    machine_info.update(kept, cores=cores)


def pytest_benchmark_update_json(output_json: dict[str, Any]) -> None:
    """A benchmark's ratio is its median over that of the reference in its file with the same parameters."""
    output_json.pop("commit_info", None)
    benchmarks = output_json["benchmarks"]
    references = {_place(b): b["stats"]["median"] for b in benchmarks if b["name"].startswith(_REFERENCE)}
    for one in benchmarks:
        one["stats"] = {name: one["stats"][name] for name in _KEPT_STATS}
        if _place(one) in references:
            one["ratio_to_reference"] = one["stats"]["median"] / references[_place(one)]


def _place(benchmark: dict[str, Any]) -> tuple[str, str | None]:
    return benchmark["fullname"].split("::")[0], benchmark["param"]
