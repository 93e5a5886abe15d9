"""The list of intakes: filtered, sorted, counted, paged, taken out as a file, and remembered for each person."""
