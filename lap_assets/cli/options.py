"""Options that several commands share."""

from typing import Annotated, Final

import typer

Json = Annotated[bool, typer.Option("--json", help="print JSON for scripts")]
DEMO_SEED: Final = 1
