"""The worker: moves missions of a shared ledger on, beside others of its kind, until it is stopped.

Procrastinate is its alarm clock and nothing else: what it keeps can be deleted at any moment.
"""
