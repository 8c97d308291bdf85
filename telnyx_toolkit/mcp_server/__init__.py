"""The MCP server: the tools over stdio for agents; it owns no mission, and no rule lives here.

`offered` says which tools and how they are described, `calls` runs one of them, `words` puts its
answer into words, `reading` gives what can be read, `server` speaks the protocol.
"""
