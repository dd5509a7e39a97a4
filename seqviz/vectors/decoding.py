"""Words of a file from its bytes: a few that are broken are left out, and said."""

from collections.abc import Sequence
from typing import Final

from seqviz.errors import SeqvizError

_FEW: Final = 10  # broken words in any file
_FEW_OF: Final = 1 / 100  # of a large one


class WordDecoder:
    """Decodes words, and counts those that are broken.

    Some files hold a few words that were cut in the middle of a character. A file of another
    encoding has many: most of its words that are not ASCII.
    """

    def __init__(self, encoding: str, of: str = "") -> None:
        self._encoding, self._of = encoding, of
        self._seen = self._broken = self._beyond_ascii = self._line = self._byte = 0

    def decode(self, names: Sequence[bytes], lines: Sequence[int]) -> list[str | None]:
        """Each as text; None where it is none. `lines` are their numbers."""
        self._seen += len(names)
        decoded: list[str | None]
        try:
            decoded = [*b"\n".join(names).decode(self._encoding).split("\n")] if names else []
        except UnicodeDecodeError:
            decoded = [self._one(name, line) for name, line in zip(names, lines, strict=True)]
        self._beyond_ascii += sum(word is not None and not word.isascii() for word in decoded)
        return decoded

    def _one(self, name: bytes, line: int) -> str | None:
        try:
            return name.decode(self._encoding)
        except UnicodeDecodeError as error:
            if not self._broken:
                self._line, self._byte = line, name[error.start]
            self._broken += 1
            return None

    def notices(self) -> tuple[str, ...]:
        """What was left out, to be asked when all was decoded.

        Raises:
            SeqvizError: So many are broken that the file has another encoding.
        """
        if not self._broken:
            return ()
        few = max(_FEW, self._seen * _FEW_OF)
        if self._broken > self._beyond_ascii and (
            self._broken > few or 2 * self._broken >= self._seen
        ):
            raise SeqvizError(
                f"Line {self._line:,}{self._of} is not {self._encoding}: its word holds the byte "
                f"0x{self._byte:02x}. {self._broken:,} of {self._seen:,} words are so: the file has "
                "another encoding. Convert it to UTF-8."
            )
        one = self._broken == 1
        return (
            f"{self._broken:,} {'line was' if one else 'lines were'} left out, since the "
            f"{'word is' if one else 'words are'} not {self._encoding} (the first is line "
            f"{self._line:,}{self._of}).",
        )
