"""``python -m benchmarks.faults all | camera [--times N] | signals [--moments N] [--seed S] | videos | bundles``."""

import argparse
from pathlib import Path

from benchmarks.faults import camera, files, hostile, signals

RESULTS = Path(__file__).parents[1] / "results"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["all", "camera", "signals", "videos", "bundles"])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--moments", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.what == "all":
        tried = hostile.sweep()
        hostile.write(tried, RESULTS)
        print(hostile.summary(tried))
        raise SystemExit(any(hostile.of_wrong(tried)))
    if options.what == "camera":
        print(camera.table(camera.measure(options.times)))
    elif options.what == "videos":
        print(files.table(files.videos()))
    elif options.what == "bundles":
        print(files.table(files.bundles()))
    else:
        print(signals.table(signals.sweep(options.moments, options.seed)))


if __name__ == "__main__":
    main()
