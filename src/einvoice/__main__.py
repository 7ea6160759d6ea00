# SPDX-License-Identifier: Apache-2.0
"""``python -m einvoice``: the command line, where its script is not on the path."""

from __future__ import annotations

from einvoice.cli import main

if __name__ == "__main__":
    main(prog_name="einvoice")
