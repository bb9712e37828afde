"""Small dictionaries for tests of spelling, and the process that reads them."""

from __future__ import annotations

from pathlib import Path

ENGLISH = (
    "the a of we you it is are your have has been received receive machine coffee message thanks"
    " for reply from and don't parcel tomorrow will send"
)
GERMAN = (
    "wir haben die den das Maschine Kaffee Nachricht danke für Ihre Größe morgen schicken und"
    " Paket es ist"
)
_RUSSIAN = "спасибо машина кофе завтра"


def make_dictionaries(folder: Path) -> None:
    """An English, a German and a Russian one, of two dozen words each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, words, encoding in (
        ("en_US", ENGLISH, "UTF-8"),
        ("de_DE", GERMAN, "ISO8859-1"),
        ("ru_RU", _RUSSIAN, "UTF-8"),
    ):
        python = "latin-1" if encoding == "ISO8859-1" else "utf-8"
        listed = sorted(words.split())
        dic = "\n".join([str(len(listed)), *listed, ""])
        (folder / f"{name}.dic").write_text(dic, python)
        aff = f"SET {encoding}\nTRY esianrtolcdugmphbyfvkwzESIANRTOLCDUGMPHBYFVKWZ'\n"
        if name == "en_US":
            aff += "REP 1\nREP ie ei\n"
        (folder / f"{name}.aff").write_text(aff, python)
