"""Run the benchmarks: `python -m benchmarks`, or some of them by name."""

import argparse
import signal
import sys
from importlib import import_module

_GROUPS = {
    "capture": "seqviz.capture against Keras's own calls, eager and compiled",
    "attribute": "seqviz.attribute against one eager call of the model",
    "watch": "fit with seqviz.Watch against plain fit",
    "lookup": "rows picked without making a one-hot, against the product",
    "vectors": "seqviz.load_vectors against gensim's loader",
    "figures": "the size of the pictures as JSON",
    "payload": "what a full run of a page sends to the browser",
    "rerun": "the server's processor time for one step of a control, against Keras's eager call",
    "browser": "from a key on a control to the new picture, against a bare page, in Chromium",
    "startup": "from the start of the server to the first picture, in Chromium",
    "slow": "to the first picture at 1.5 Mbit/s and 200 ms, through nginx, in Chromium",
    "load": "100 students at once, and beside a process that takes half a core",
    "classroom": "a room of 200 who vote within ten seconds on two servers",
    "train": "students who train while others move sliders",
    "memory": "the server's memory, and its growth over 2,000 reruns",
    "soak": "20 minutes of students, uploads, trainings and floods, and the memory after",
}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure what the README claims. One line a figure; the exit status is 1 if a "
        "budget does not hold.",
        epilog="groups:\n" + "\n".join(f"  {name:9} {what}" for name, what in _GROUPS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("groups", nargs="*", metavar="group", help="what to measure; all if none")
    chosen = parser.parse_args().groups
    unknown = [name for name in chosen if name not in _GROUPS]
    if unknown:
        parser.error(f"there is no group {', '.join(unknown)}; there are {', '.join(_GROUPS)}")

    # Ended from outside, it still takes its server along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    broken = 0
    for group in chosen or _GROUPS:
        print(f"{group}: {_GROUPS[group]}", flush=True)
        try:
            for result in import_module(f"benchmarks.{group}").measure():
                print(f"  {result}", flush=True)
                broken += not result.holds
        except Exception as error:  # the other groups can still be measured
            notes = getattr(error, "__notes__", [])
            print(f"  NOT MEASURED  {type(error).__name__}: {error}", *notes, sep="\n", flush=True)
            broken += 1
    print(f"\n{broken} NOT OK" if broken else "\nall ok")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
