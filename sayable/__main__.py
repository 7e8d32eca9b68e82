"""`python -m sayable` is the same as `sayable`; it also works where the console script was not put on the PATH."""

from sayable.cli import main

main()
