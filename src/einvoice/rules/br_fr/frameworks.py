# SPDX-License-Identifier: Apache-2.0
"""What an invoice is by its framework (BT-23): of several sellers (B8, S8, M8), or both ways (B9, S9, M9).

In the former a third party bills for several sellers; in the latter seller and buyer bill each other. Both have groups
of lines, one for each invoice within.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from einvoice.rules.br_fr.places import FRAMEWORK
from einvoice.rules.br_fr.texts import codes
from einvoice.rules.xpath import trimmed

if TYPE_CHECKING:
    from einvoice.model.parts import Part


def framework(top: Part) -> str:
    """The framework, without white space around it; an empty text where none is stated.

    Args:
        top: the document.

    Raises:
        UnjudgeableError: there are several.
    """
    return trimmed(top.one("cbc:ProfileID" if top.name in ("Invoice", "CreditNote") else FRAMEWORK))


def is_of_several_sellers(top: Part) -> bool:
    """Whether an invoice is of several sellers.

    Args:
        top: the document.
    """
    return top.recall(framework) in codes("several-sellers")


def is_both_ways(top: Part) -> bool:
    """Whether an invoice goes both ways.

    Args:
        top: the document.
    """
    return top.recall(framework) in codes("both-ways")


def is_grouped(top: Part) -> bool:
    """Whether an invoice is either of them.

    Args:
        top: the document.
    """
    return top.recall(is_of_several_sellers) or top.recall(is_both_ways)
