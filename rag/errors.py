"""What can go wrong, each for something a caller would do differently.

GroundwireError
├── InputError          an input is missing, unreadable or holds no article; names the place
├── ArchiveError        the archive's folder is not one, too new, unwritable, or built by another embedder
│   └── ArchiveBusy     another process is writing to it
├── UnknownArticle      no article has that id
├── ModelError          the model is unknown, has no key, or its server failed
│   ├── ContextTooLong  the prompt is longer than what the model reads at once
│   ├── Declined        the model, or a filter before it, would not write
│   └── NoReply         the model replied, but with nothing that can be read: empty, cut off or endless
├── Stopped             whoever asked does not want the answer any more
├── UsageError          an option or argument has a value that makes no sense
└── BundleError         a file the package ships is missing or was altered

A message is one line: what happened, to which value, what to do. Having no evidence is not an error: see ``Refusal``.
"""


class GroundwireError(Exception):
    """Base of all errors raised on purpose; its message is fit to be shown."""


class InputError(GroundwireError):
    """An input is missing, unreadable or holds no article."""


class ArchiveError(GroundwireError):
    """The archive's folder cannot be used as it is."""


class ArchiveBusy(ArchiveError):
    """Another process is writing to the archive."""


class UnknownArticle(GroundwireError):
    """No article of the archive has that id."""


class ModelError(GroundwireError):
    """The language model or embedder cannot be reached or used."""


class ContextTooLong(ModelError):
    """The prompt is longer than what the model reads at once."""


class Declined(ModelError):
    """The model, or a filter before it, would not write."""


class NoReply(ModelError):
    """The model replied, but with nothing that can be read: empty, cut off or endless."""


class Stopped(GroundwireError):
    """Whoever asked does not want the answer any more."""


class UsageError(GroundwireError):
    """An argument has a value that makes no sense."""


class BundleError(GroundwireError):
    """A file shipped with the package is missing or was altered."""
