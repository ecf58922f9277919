"""Questions made of a sentence by rule, the surest first; a gap in the sentence last."""

from __future__ import annotations

from eval.drafting import gaps, numbers, people, times
from eval.drafting.asked import Asked, Bearer, is_sound

RULES = (numbers.asked, people.asked, times.asked, gaps.asked)


def drafts(bearer: Bearer) -> list[Asked]:
    """Every sound question of a sentence."""
    return [one for rule in RULES for one in rule(bearer) if is_sound(one, bearer)]
