"""Where a frozen hht starts: the program, or with -m one of the modules it runs as a process."""

import runpy
import sys

if sys.argv[1:2] == ["-m"]:
    module = sys.argv[2]
    del sys.argv[1:3]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
else:
    from hht.cli.main import run

    run()
