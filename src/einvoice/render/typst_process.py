# SPDX-License-Identifier: Apache-2.0
"""The process in which a template that is not ours is drawn: one document in, one PDF or one error out.

``python -I -m einvoice.render.typst_process`` reads a JSON object from standard input and writes the PDF to standard
output; where Typst refuses, it writes a JSON object with the error and ends with status 3.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

REFUSED: Final = 3


def main() -> int:
    """Draw what standard input asks for.

    Returns:
        0, or :data:`REFUSED`.
    """
    import typst

    order: dict[str, Any] = json.load(sys.stdin)
    fonts = typst.Fonts(include_system_fonts=False, font_paths=order["fonts"])
    try:
        drawn = typst.compile(
            order["template"],
            root=order["root"],
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs=order["inputs"],
            format="pdf",
            pdf_standards=order["standards"],
            timestamp=order["timestamp"],
            package_path=order["nowhere"],
            package_cache_path=order["nowhere"],
        )
    except typst.TypstError as error:
        said = {"message": error.message, "diagnostic": error.diagnostic, "hints": list(error.hints)}
        sys.stdout.write(json.dumps(said))
        return REFUSED
    sys.stdout.buffer.write(drawn)
    return 0


if __name__ == "__main__":
    sys.exit(main())
