"""What printing needs of the machine: a font with Chinese letters, which setup installs as root."""

from pathlib import Path

import pytest

from shared.cli.printing.fonts import KNOWN

WHY = "there is no font with Chinese letters; `make setup` as root installs one"
CHINESE = KNOWN[:-1]

needs_font = pytest.mark.skipif(not any(Path(path).exists() for path in CHINESE), reason=WHY)
