"""What people use: the command line, the chat page, and how both show an answer."""
