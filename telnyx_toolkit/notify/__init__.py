"""The ways to tell a person: a message by OpenClaw, a turn of the agent's, a webhook."""

from collections.abc import Mapping

from telnyx_toolkit.notify.agent_hook import AgentHook
from telnyx_toolkit.notify.openclaw_message import OpenClawMessage
from telnyx_toolkit.notify.program import OpenClaw
from telnyx_toolkit.notify.way import Delivered, Refused, Way
from telnyx_toolkit.notify.webhook import Webhook
from telnyx_toolkit.settings import Settings

__all__ = ["Delivered", "Refused", "Way", "ways"]


def ways(settings: Settings, env: Mapping[str, str] | None = None) -> tuple[Way, ...]:
    """The ways that are configured; each says by `takes` which notices are for it.

    A message is there for every mission with a route: whether there is an OpenClaw to send it
    shows when it is sent.

    Args:
        settings: Which there are.
        env: The environment of the programs that are run, less what is Telnyx's; ours if None.
    """
    notify = settings.notify
    found: list[Way] = [OpenClawMessage(OpenClaw(notify.openclaw, env))]
    if notify.hook_url and notify.hook_token_file is not None:
        found.append(AgentHook(notify.hook_url, notify.hook_token_file))
    if notify.webhook_url:
        found.append(Webhook(notify.webhook_url))
    return tuple(found)
