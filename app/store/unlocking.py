"""From what a person or the keyring knows to the key of the file."""

from __future__ import annotations

from hashlib import blake2b

from app.domain.errors import WorkspaceLocked
from app.store.driver import FileKey
from app.store.keychain import Keychain
from app.store.manifest import Manifest

# All in a sample is made up and printed in the source: whoever has no keyring shall still see it.
SAMPLE_KEY = FileKey(raw=blake2b(b"the sample of seamline", digest_size=32).digest())


def key_of(manifest: Manifest, keychain: Keychain, passphrase: str) -> FileKey:
    """The key of the workspace with this manifest; raises WorkspaceLocked when it is missing."""
    if manifest.unlock == "nothing":
        return SAMPLE_KEY
    if manifest.unlock == "passphrase":
        if not passphrase:
            raise WorkspaceLocked(
                "This workspace opens with a passphrase.",
                hint="Enter it, or set SEAMLINE_PASSPHRASE.",
            )
        return FileKey(passphrase=passphrase)
    stored = keychain.get(manifest.key_name())
    if stored is None:
        raise WorkspaceLocked(
            "The key of this workspace is not in this keyring.",
            hint="Open it on the computer and as the user that made it.",
        )
    return FileKey(raw=bytes.fromhex(stored))
