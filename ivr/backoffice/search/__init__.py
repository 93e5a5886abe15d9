"""Intakes found by what is written on them: words, numbers in any form, references, e-mail addresses."""
