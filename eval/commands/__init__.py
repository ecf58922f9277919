"""``groundwire eval``: one file a command. Results go to stdout, progress and messages to stderr."""
