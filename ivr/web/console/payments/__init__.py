"""The page of payments: what came in and went back, by week and line by line, as a file, and the issues."""
