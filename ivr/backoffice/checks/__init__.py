"""Whether all is well: ``doctor`` prints what the checks find, the owner's pages keep it.

A check is a function ``check_...`` that is given the services and yields findings. Where it needs the database it
opens a reading of its own, because a check may ask somebody outside: call it in no transaction. What a check says is
read by monitoring too: it names no caller, no member of staff and no secret. Those that need more than is below this
band lie in ``ivr.operations.checks``, with the list of all.
"""
