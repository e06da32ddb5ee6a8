"""How long `hht inspect` takes from the shell for one message, start-up and all (bound: 300 ms).

Run it: `python tests/benchmarks/bench_inspect.py`. The bare interpreter's start is printed beside
it, so that the figures travel between machines.
"""

import subprocess
import sys
import time

RUNS = 7
MESSAGE = (
    "DD00000000000081911100000000DF090100000000000005160890B3D51F300000020800DB1234567890A20012"
    "000190B3D51F3001000000000000000003EA4DD920000516000303006800001E0300FF0102006800001E0300FF"
    "0302006800001E0300FF02030204090800DB1234567890A0160109103031323334353637383941424344454616"
    "0012005A03FF007C0607034DC39F5F32153966"
)
PROGRAM = "from hht.cli.main import run; run()"


def best(*arguments: str) -> float:
    """The shortest of some runs of Python with these arguments, in milliseconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


if __name__ == "__main__":
    print(f"python alone         {best('-c', ''):6.0f} ms")
    print(f"hht inspect --json   {best('-c', PROGRAM, 'inspect', '--json', MESSAGE):6.0f} ms")
    print(f"hht inspect (tree)   {best('-c', PROGRAM, 'inspect', MESSAGE):6.0f} ms")
