"""The archive for other programs: the commands' own JSON under ``/api``, and the page that tells how."""
