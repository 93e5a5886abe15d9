"""Continuity: while nothing of ours answers, a flow hosted at the telephone network takes our calls."""
