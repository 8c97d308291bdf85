"""What the effects of a mission's set-up are called in the ledger."""

ANSWERS, SUMMARY, GROUP = "insight-answers", "insight-summary", "insight-group"
ASSISTANT, LINK = "assistant", "agent-link"
APPLICATION, PROFILE = "assistant-application", "voice-profile"
NUMBER, HD_VOICE, MESSAGES = "number", "hd-voice", "number-messages"
