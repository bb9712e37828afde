"""How much memory a process holds."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def resident_kb() -> int:
    """Of this process now; where the system does not tell, the most it ever held."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak
