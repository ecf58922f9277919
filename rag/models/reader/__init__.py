"""The passage reader's file, the recipe that trains it, and their licences."""
