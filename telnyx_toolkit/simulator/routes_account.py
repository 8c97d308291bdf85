"""What an account has: balance, models and voices."""

from telnyx_toolkit.simulator.router import GET, Route
from telnyx_toolkit.simulator.shapes import Shape, choice, text
from telnyx_toolkit.simulator.wire import Ask, Reply
from telnyx_toolkit.simulator.world import World


def balance(world: World, ask: Ask) -> Reply:  # noqa: ARG001  a route takes both
    """GET /balance: amounts are strings; calls do not change it, as the real one lags."""
    return Reply(200, {"data": world.account.balance})


def models(world: World, ask: Ask) -> Reply:  # noqa: ARG001  a route takes both
    """GET /ai/openai/models: not the list of models that assistants may use."""
    return Reply(200, {"object": "list", "data": list(world.account.models)})


def voices(world: World, ask: Ask) -> Reply:
    """GET /text-to-speech/voices: under `voices`, never paged."""
    found = [voice for voice in world.account.voices if ask.wants(voice, "provider")]
    return Reply(200, {"voices": found})


PROVIDERS = choice(
    *("aws", "telnyx", "azure", "elevenlabs", "minimax", "resemble", "xai", "humain")
)
ROUTES = (
    Route(GET, "/balance", balance),
    Route(GET, "/ai/openai/models", models),
    Route(
        GET,
        "/text-to-speech/voices",
        voices,
        query=Shape({"provider": PROVIDERS, "api_key": text()}),
    ),
)
