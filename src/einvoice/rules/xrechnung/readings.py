# SPDX-License-Identifier: Apache-2.0
"""What stands in elements, as the publisher's tests take it.

What XPath makes of a text is in :mod:`einvoice.rules.xpath`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from einvoice.rules.rows import WHITE
from einvoice.rules.xpath import EXACT, decimal

if TYPE_CHECKING:
    from decimal import Decimal

    from einvoice.model.parts import Part


def says_something(text: str) -> bool:
    """Whether a text is more than white space.

    Args:
        text: the text.
    """
    return bool(text.strip(WHITE))


def number(part: Part, path: str) -> Decimal | None:
    """The number that stands at a path; ``None`` where nothing stands.

    Args:
        part: the element that the path begins in.
        path: the path.

    Raises:
        UnjudgeableError: it is no number, or there are several.
    """
    texts = part.texts(path)
    if not texts:
        return None
    return decimal(texts[0] if len(texts) == 1 else part.one(path))


def within(stated: Decimal, computed: Decimal, slack: Decimal) -> bool:
    """Whether a number is another, give or take.

    Args:
        stated: the number.
        computed: what it should be.
        slack: how far it may be from it, on either side.
    """
    return stated == computed or EXACT.add(stated, slack) >= computed >= EXACT.subtract(stated, slack)
