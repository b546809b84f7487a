"""``python -m benchmarks.faults camera [--times N] | signals [--moments N] [--seed S] | videos | bundles``."""

import argparse

from benchmarks.faults import camera, files, signals


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["camera", "signals", "videos", "bundles"])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--moments", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
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
