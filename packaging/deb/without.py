"""Leave the packages named out of a hashed requirements file: stdin to stdout."""

import re
import sys


def without(requirements: str, names: set[str]) -> str:
    """Return the requirements whose package is none of the names; a pin spans several lines."""
    pins = re.split(r"(?m)^(?=[A-Za-z0-9])", requirements)
    return "".join(pin for pin in pins if pin.split("==")[0].strip() not in names)


if __name__ == "__main__":
    sys.stdout.write(without(sys.stdin.read(), set(sys.argv[1:])))
