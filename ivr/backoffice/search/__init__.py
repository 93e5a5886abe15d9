"""Finds intakes by their text: words, numbers in any form, references, email addresses."""
