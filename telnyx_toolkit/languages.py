"""The languages we speak: each is a folder of `prompts/` with templates and a list of phrases.

A regional folder (`es-MX/`) goes before that of the language (`es/`), file by file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, cast

from telnyx_toolkit.errors import ConfigError, InvalidInput
from telnyx_toolkit.resources import shipped

#: The templates whose words reach the people who are called or written to.
SPOKEN = ("assistant", "greeting", "message")
PHRASES = "phrases.toml"
_FILES = (*(f"{name}.j2" for name in SPOKEN), PHRASES)


@dataclass(frozen=True)
class Phrases:
    """What is known of a language beside its templates.

    Attributes:
        name: What its speakers call it.
        someone: Who is called, where no name is known.
        ai: Phrases that say that an AI speaks; those in capitals count only in capitals.
        recorded: Phrases that say that a call is recorded.
        no_more: Phrases with which people ask not to be called or written to again.
    """

    name: str
    someone: str
    ai: tuple[str, ...]
    recorded: tuple[str, ...]
    no_more: tuple[str, ...]


def languages_in(prompts: Path) -> tuple[str, ...]:
    """The folders that are whole by themselves, such as `en` and `es`."""
    folders = sorted(path.name for path in prompts.iterdir() if path.is_dir())
    return tuple(name for name in folders if all((prompts / name / f).exists() for f in _FILES))


def file_for(prompts: Path, language: str, file: str) -> str:
    """Where a language's file is below the folder of prompts, such as `es/greeting.j2`.

    Raises:
        InvalidInput: the language has no such file.
    """
    for folder in dict.fromkeys((language, base_of(language))):
        if (prompts / folder / file).exists():
            return f"{folder}/{file}"
    raise InvalidInput(
        f"There are no words for the language {language!r}: prompts/{base_of(language)}/{file} is"
        f" missing. Those that are there: {', '.join(languages_in(prompts))}.",
        fix=f"Choose one of them (voice.language, or language of a target), or add the folder"
        f" prompts/{base_of(language)}/: docs/howto/add-a-language.md",
    )


def require(prompts: Path, languages: Iterable[str]) -> None:
    """Refuse a language that lacks a file.

    Raises:
        InvalidInput: one does; says which file.
    """
    for language in languages:
        for file in _FILES:
            file_for(prompts, language, file)


def base_of(language: str) -> str:
    """`es` of `es-MX`."""
    return language.partition("-")[0]


def phrases_of(prompts: Path, language: str) -> Phrases:
    """A language's phrases.

    Raises:
        InvalidInput: it has none.
        ConfigError: they cannot be read.
    """
    return _read(prompts / file_for(prompts, language, PHRASES))


def phrases_in(prompts: Path) -> tuple[Phrases, ...]:
    """The phrases of all languages: whoever is called may speak another than was thought.

    Raises:
        ConfigError: a file of them cannot be read.
    """
    return tuple(_read(path) for path in sorted(prompts.glob(f"*/{PHRASES}")))


def shipped_phrases() -> tuple[Phrases, ...]:
    """The phrases of all languages that come along."""
    return phrases_in(shipped("prompts"))


@cache
def _read(path: Path) -> Phrases:
    import tomllib  # noqa: PLC0415 - slow to import

    try:
        return _phrases(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValueError as problem:
        where = f"prompts/{path.parent.name}/{path.name}"
        raise ConfigError(
            f"{where} cannot be used: {problem}.",
            fix="It needs name, someone, ai, recorded and no_more: docs/howto/add-a-language.md",
        ) from problem


def _phrases(given: Mapping[str, Any]) -> Phrases:
    if unknown := given.keys() - {field.name for field in fields(Phrases)}:
        raise ValueError(f"{min(unknown)} is not known")
    return Phrases(
        name=_text(given, "name"),
        someone=_text(given, "someone"),
        ai=_texts(given, "ai"),
        recorded=_texts(given, "recorded"),
        no_more=_texts(given, "no_more"),
    )


def _text(given: Mapping[str, Any], name: str) -> str:
    text = given.get(name)
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{name} is not a text")
    return text


def _texts(given: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Phrases; one of stars alone would be found in everything."""
    texts: Any = given.get(name)
    if not isinstance(texts, list) or not texts:
        raise ValueError(f"{name} is not a list of phrases")
    several = cast("list[Any]", texts)
    if not all(isinstance(text, str) and text.strip("* ") for text in several):
        raise ValueError(f"{name} has something in it that is no phrase")
    return tuple(several)
