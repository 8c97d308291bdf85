"""The dashboard: all missions in a browser of this machine, live, with a person's yes and no.

It reads the ledger and owns no mission. `server` listens, `app` answers, `door` says who gets in,
`shelf` reads, and `acting` does what a person asks for, by the tools of the command line.
"""
