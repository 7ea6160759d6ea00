# SPDX-License-Identifier: Apache-2.0
"""The language of the command line: what people read follows their locale, what programs read follows nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable

_LANGUAGES: Final = ("en", "de", "fr")
"""Those of :data:`einvoice.rules.catalogue.LANGUAGES`, which help needs not import."""
_WIDEST: Final = 10


def in_language(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option ``--language``; its value is ``None`` where the user does not say.

    Args:
        command: the command.
    """
    return click.option(
        "--language",
        type=click.Choice(_LANGUAGES),
        help="The language; for people that of the locale (LC_ALL, LC_MESSAGES, LANG), for programs English.",
    )(command)


def chosen(language: str | None, *, people: bool) -> str:
    """The language to speak.

    Args:
        language: what the user says; ``None`` for nothing.
        people: whether people read it. A script must not depend on the locale.
    """
    if language is not None:
        return language
    from einvoice.rules.languages import user_language

    return user_language() if people else "en"


class Speech:
    """The words of the command line in one language.

    Args:
        language: one of :data:`~einvoice.rules.catalogue.LANGUAGES`.
    """

    def __init__(self, language: str) -> None:
        from einvoice.rules.catalogue import catalogue

        self.language = language
        self._catalogue = catalogue(language)

    def __call__(self, text: str, **values: object) -> str:
        """A text in the language.

        Args:
            text: the text in English, names of values in braces.
            values: the values.
        """
        return self._catalogue.say("cli", text, **values)

    def row(self, label: str) -> str:
        """The name of a row of a report, as wide as all of them.

        Args:
            label: the name in English.
        """
        return f"{self(label):<{_WIDEST}}"
