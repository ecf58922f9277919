"""What outlasts a visit: readers' conversations, and the runs of suites."""
