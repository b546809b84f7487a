"""``python -m benchmarks.faults camera [--times N]`` and ``python -m benchmarks.faults signals [--moments N] [--seed S]``."""

import argparse

from benchmarks.faults import camera, signals


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["camera", "signals"])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--moments", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.what == "camera":
        print(camera.table(camera.measure(options.times)))
    else:
        print(signals.table(signals.sweep(options.moments, options.seed)))


if __name__ == "__main__":
    main()
