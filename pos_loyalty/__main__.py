"""`python -m pos_loyalty` is `pos-loyalty`."""

import sys

from pos_loyalty.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
