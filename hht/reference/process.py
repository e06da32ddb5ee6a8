"""The simulated hub's process with the reference Devices behind it; see `hht.simulator.process`."""

import sys

from hht.reference.fleet import ReferenceFleet
from hht.simulator.process import main

if __name__ == "__main__":
    sys.exit(main(make_fleet=ReferenceFleet))
