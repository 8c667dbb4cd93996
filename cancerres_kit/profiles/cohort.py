"""The profiles of one file.

One decision: a cohort is a list and nothing more to those who match it; that part of its file is
not in it is said beside it, because a gap that nobody mentions looks like a tumour without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cancerres_kit.profiles.profile import Profile


class Cohort(list[Profile]):
    """A list of profiles, and which lines of their file it leaves out.

    Parameters
    ----------
    profiles : iterable of Profile
        The tumours.
    skipped : mapping of str to int
        Number of lines left out, by reason.

    Attributes
    ----------
    skipped : dict of str to int
        Number of lines left out, by reason; silent and non-coding variants are not counted.
    """

    def __init__(self, profiles: Iterable[Profile], *, skipped: Mapping[str, int]) -> None:
        super().__init__(profiles)
        self.skipped = dict(skipped)
