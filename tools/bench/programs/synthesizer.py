"""What `make synth` runs, over made-up apps."""

import sys
from pathlib import Path

from railiance.railiance01 import RAILIANCE01
from railiance.synth import synthesize
from tools.bench import made_up

if __name__ == "__main__":
    synthesize(made_up.apps(int(sys.argv[1])), RAILIANCE01, Path(sys.argv[2]))
