"""What makes the machine call `tick`: OpenClaw's scheduler, a systemd timer, or a launchd agent."""
