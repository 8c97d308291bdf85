"""Every surface of a tool says the same, because all are derived from one definition."""

import importlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from telnyx_toolkit.cli.parser import build_parser
from telnyx_toolkit.environment import VARIABLES
from telnyx_toolkit.manifest import command_form, skill, stale
from telnyx_toolkit.prompts import VARIABLE_DEFAULTS
from telnyx_toolkit.tool import Effect
from telnyx_toolkit.tools import TOOLS

ROOT = Path(__file__).parents[2]
ASKED_FOR = {
    "check_account", "rehearse_mission", "create_mission", "plan_steps", "approve_plan",
    "create_assistant", "assign_number", "schedule_call", "schedule_message", "poll_call",
    "run_mission", "mission_status", "get_transcript", "get_recording",
    "list_missions", "cancel_mission", "pause_mission", "resume_mission", "release_mission",
    "log_event", "summarize", "do_not_call",
}  # fmt: skip
