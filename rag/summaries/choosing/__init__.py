"""The sentences that a summary can choose from: which can, how much each says, and the few that are told."""
