"""What other programs are answered over HTTP."""
