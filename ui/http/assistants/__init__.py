"""The archive as tools for assistants, by the Model Context Protocol: at ``/mcp``, or on standard input."""
