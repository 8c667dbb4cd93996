"""A dict that nobody changes: what a frozen model or schedule holds by name.

One decision: it is a dict, so it is read, compared, copied and pickled like any other; only writing
is refused.
"""

from __future__ import annotations

from typing import Any, NoReturn


class Fixed(dict[str, float]):
    """Numbers by name that stay as they are.

    Parameters
    ----------
    numbers : mapping of str to float
        What it holds; a copy is taken.
    """

    def _refused(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse every change."""
        raise TypeError("these numbers are fixed; make a new model or schedule with others")

    __setitem__ = __delitem__ = __ior__ = _refused
    pop = popitem = clear = update = setdefault = _refused

    def __hash__(self) -> int:  # type: ignore[override]
        """Hash what it holds, so that what is frozen around it can be hashed too."""
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Fixed], tuple[dict[str, float]]]:
        """Pickle and copy by building anew, because items cannot be set one by one."""
        return type(self), (dict(self),)
