"""What scanners of skills look for, as a table of our own: a rule, its pattern, in which files.

The rules are those of the registry ClawHub's static engine (`clawhub`) and of SkillSpector
(`skillspector`) that Python, YAML and Markdown can meet, written again and a little wider, so that
a new hit is seen here before it is seen there. `docs/scanners.md` explains each hit that stays.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CODE = (".py",)
PAGES = (".md",)
MANIFESTS = (".yaml", ".toml")
ANY = ("",)


@dataclass(frozen=True)
class Rule:
    """One thing that a scanner looks for.

    Attributes:
        name: `scanner/rule`.
        severity: As the scanner has it.
        kinds: Endings of the files it is looked for in; "" is any.
        pattern: What is looked for, in any case of letters.
    """

    name: str
    severity: str
    kinds: tuple[str, ...]
    pattern: str


_CREDENTIAL = r"(?:api|client|access|auth|private|secret)[_ -]?(?:key|token|secret)|password|bearer"
_HARMLESS = r"(?!\S*(?:example|placeholder|dummy|redacted|your|sample|not-real))"
_YES = r"approval|asking|confirmation|consent|permission|verification|checking|waiting"
_WHAT = r"prompt|instructions?|rules?|guidelines?|directives?"
_TALK = r"conversations?|transcripts?|chat|messages? history"

RULES = (
    Rule("clawhub/secret_literal", "critical", ANY,
         rf"\b(?:{_CREDENTIAL})\b[\"']?\s*[:=]\s*[\"']{_HARMLESS}[^\"'\s${{}}]{{16,}}[\"']"),
    Rule("clawhub/secret_prefix", "critical", ANY,
         r"(?<![A-Za-z0-9])(?:sk[-_]|[ap]k_|gh[opsu]_|xox[baprs]-|ya29\.|eyJ)[A-Za-z0-9_-]{12,}"),
    Rule("clawhub/dynamic_code", "critical", CODE, r"(?<![\w$.])eval\s*\(|\.exec_module\s*\("),
    Rule("clawhub/tls_off", "warn", CODE,
         r"verify\s*=\s*False|CERT_NONE|check_hostname\s*=\s*False|_create_unverified_context"),
    Rule("clawhub/file_upload", "critical", CODE, r"b64encode\s*\([^)]*(?:read_bytes|open\s*\()"),
    Rule("clawhub/credential_post", "critical", CODE,
         r"(?:environ|getenv)[^\n]{0,20}[\"']\w*(?:KEY|TOKEN|SECRET|PASS)\w*[\"'](?:.|\n)*\.post\("),
    Rule("clawhub/endless_loop", "warn", CODE,
         r"while\s+True\s*:|sleep\s*\(\s*[3-9]\d{2,}|interval\s*=\s*[3-9]\d{2,}"),
    Rule("clawhub/answer_names", "critical", ANY, r"\b(?:submit_answer|answer_question|AUTO_ANSWER)\b"),
    Rule("clawhub/cron_kind", "warn", ANY, r"\"kind\"\s*:\s*\"cron\""),
    Rule("clawhub/obfuscated", "warn", ANY, r"(?:\\x[0-9a-f]{2}){6,}|[A-Za-z0-9+/]{200,}={0,2}"),
    Rule("clawhub/injection", "warn", PAGES,
         r"ignore\s+(?:all\s+)?previous\s+instructions|system\s*prompt\s*[:=]"),
    Rule("clawhub/generated_source", "critical", PAGES, r"^\s*\w+\s*=.*[\"']\$\{\w+\}[\"']"),
    Rule("clawhub/resource_id", "critical", PAGES, r"connection_id[\"']\s*:\s*[\"'][0-9a-f]{8}-"),
    Rule("clawhub/secret_argv", "critical", PAGES,
         r"(?:python3?|uvx?|npx|node|docker)\b[^\n]*--(?:token|password|private-key|seed)[ =]"),
    Rule("clawhub/pipe_to_shell", "critical", PAGES, r"(?:curl|wget)\b[^\n|]*\|\s*(?:ba)?sh\b"),
    Rule("clawhub/destructive_delete", "warn", PAGES, r"\brm\s+-\w*r\w*f?\w*\s"),
    Rule("clawhub/raw_address", "warn", MANIFESTS,
         r"https?://\d{1,3}(?:\.\d{1,3}){3}|https?://(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|is\.gd)/"),
    Rule("clawhub/cgnat", "critical", ANY, r"http://100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\."),
    Rule("clawhub/always", "warn", PAGES, r"^\s*always:\s*true"),
    Rule("clawhub/hidden_characters", "warn", ANY,
         "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"),
    Rule("skillspector/E1", "medium", CODE, r"https://api\.[\w.-]+/"),
    Rule("skillspector/E2", "high", CODE, r"os\.environ(?:\.get\s*\(|\s*\[)"),
    Rule("skillspector/E4", "high", ANY, rf"\b(?:record|send|save|upload)s? (?:the|all|every|your) (?:{_TALK})"),
    Rule("skillspector/AST1", "critical", CODE, r"(?<![\w.])(?:exec|eval|compile|__import__)\s*\("),
    Rule("skillspector/AST4", "medium", CODE, r"\bsubprocess\.\w+\s*\(\s|\bsubprocess\.(?:run|call|Popen)\s*\("),
    Rule("skillspector/AST7", "low", CODE, r"(?<!\w)getattr\s*\([^,\n]+,\s*(?![\"'])[\w.]+\s*\)"),
    Rule("skillspector/TM1", "high", ANY, r"shell\s*=\s*True|--no-verify|\b(?:delete|remove)\s+[\"'`]?/\S"),
    Rule("skillspector/TM2", "high", ANY, r"(?:\||&&|;)\s*(?:sudo|su)\s"),
    Rule("skillspector/EA2", "medium", ANY,
         rf"\b(?:without|no|skip|bypass)\s+(?:{_YES})\b|auto_?approve"
         r"|automatically (?:send|run|execute|call)|do not ask the (?:user|person)"),
    Rule("skillspector/EA3", "low", ANY, r"not limited to"),
    Rule("skillspector/EA4", "medium", CODE, r"\b(?:timeout|max_retries|retries)\s*=\s*(?:None|0)\b"),
    Rule("skillspector/RA1", "high", ANY, r"\b(?:write|modify|edit|rewrite|overwrite) (?:the |this |its |own )*skill\b"),
    Rule("skillspector/RA2", "high", ANY,
         r"schedule a recurring|start a background|\bnohup\b|\bsetsid\b|\bcrontab\b|systemctl \S*\s*enable"
         r"|persist(?:s|ed)? (?:the )?state across|saves? (?:the )?state to disk"),
    Rule("skillspector/P1", "high", ANY, r"(?:bypass|ignore|override) (?:\w+ )?(?:restrictions|safety|system)\b"),
    Rule("skillspector/P2", "high", PAGES, r"<!--"),
    Rule("skillspector/P4", "high", ANY, r"\b(?:never|do not|don't) tell (?:the |your )?(?:user|person|human)"),
    Rule("skillspector/P6", "high", ANY,
         rf"\b(?:print|output|show|display|reveal|return|echo)\s+(?:your |the )?(?:full |system )?(?:{_WHAT})"),
    Rule("skillspector/PE2", "medium", ANY, r"chmod\s+(?:[0-7]{3,4}|\+s)|\bsudo\b"),
    Rule("skillspector/LP1", "high", PAGES, r"^allowed-tools:"),
)  # fmt: skip
#: Files whose mere names mean something else to a scanner.
NAMES = (
    Rule("skillspector/SC6", "high", ANY, r"(?:^|/)setup\.py$"),
    Rule("skillspector/SC8", "high", ANY, r"\.py[co]$"),
    Rule("clawhub/plugin_marker", "refused", ANY, r"(?:^|/)(?:openclaw\.plugin|package)\.json$"),
)
#: What is there because something is not: the scanner wants `permissions`, which no validator takes.
ABSENT = ("skillspector/LP3", "SKILL.md")


def findings(root: Path, names: list[Path]) -> Iterator[tuple[str, str, int]]:
    """Each (rule, file, line) that a scanner would stop at, in the files of that folder.

    Args:
        root: A folder.
        names: Paths below it.
    """
    for name in names:
        text = _text(root / name)
        for rule in NAMES:
            if re.search(rule.pattern, name.as_posix()):
                yield rule.name, name.as_posix(), 0
        for rule in RULES:
            if name.as_posix().endswith(rule.kinds):
                for hit in re.finditer(rule.pattern, text, re.IGNORECASE | re.MULTILINE):
                    yield rule.name, name.as_posix(), text.count("\n", 0, hit.start()) + 1
        if name.as_posix() == ABSENT[1] and "\npermissions:" not in text:
            yield (*ABSENT, 0)


def _text(path: Path) -> str:
    """What a file says; "" of a picture, which ClawHub's engine takes for no text either."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
