"""Whether a line is ready: ``doctor`` prints what the checks find, and the owner's checklist keeps it.

Each check is a function ``check_...`` that is given the services and yields findings. Where it needs the database it
opens a reading of its own, because a check may ask somebody outside: call it in no transaction.
"""
