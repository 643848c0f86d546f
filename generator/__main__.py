"""``python -m generator`` is ``workings``."""

from generator.cli import main

if __name__ == "__main__":
    main()
