"""The lines of an export: JSON, each sealed by a check over itself and the line before."""

import json
from hashlib import sha256
from typing import Any, cast

from telnyx_toolkit.ledger.ledger import as_text

FORMAT = "telnyx-toolkit ledger"
VERSION = 1
#: What the first line of events is sealed with: the same events give the same lines.
START = ""
_CHECK = "check"
_LENGTH = 16

Document = dict[str, Any]


def sealed(document: Document, before: str) -> tuple[str, str]:
    """A document as a line without its end, and the check to seal the next one with."""
    check = _check(document, before)
    return as_text({**document, _CHECK: check}), check


def unsealed(line: bytes, before: str) -> tuple[Document, str]:
    """The document of a line, and its check.

    Raises:
        ValueError: it is not what was written, or does not follow the line before; says why.
    """
    try:
        found: Any = json.loads(line)
    except ValueError as problem:
        raise ValueError("is cut off or is no JSON") from problem
    if not isinstance(found, dict) or _CHECK not in found:
        raise ValueError("is no line of an export")
    document = cast("Document", found)
    check = document.pop(_CHECK)
    if check != _check(document, before):
        raise ValueError("was changed, or the line before it was taken out")
    return document, check


def _check(document: Document, before: str) -> str:
    return sha256(f"{before}{as_text(document)}".encode()).hexdigest()[:_LENGTH]
