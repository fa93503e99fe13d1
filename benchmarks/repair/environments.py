"""Virtual environments of the peers: made once in the cache folder, by pip as it is set up on the machine."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
TORCH = "torch==2.13.0"
PISHIELD = (TORCH, "pishield==1.0.0", "numpy", "pandas", "pyarrow")
SDV = (TORCH, "sdv==2.0.0", "pyarrow", str(ROOT))
"""SDV rejects by our check, so its environment needs what htdbu needs."""


class NotInstalledError(Exception):
    """An environment that could not be made; the message names what pip was asked for, and no place of this machine."""


def environment(name: str, packages: Sequence[str], cache: Path) -> Path:
    """The Python of a peer's environment; made where it is not there.

    Raises:
        NotInstalledError: where pip fails.
    """
    key = hashlib.sha256(repr((packages, sys.version_info[:2])).encode()).hexdigest()[:12]
    folder = cache / f"env-{name}-{key}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    done = folder / ".installed"
    if done.exists():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    print(f"making an environment for {name}", file=sys.stderr, flush=True)
    try:
        for command in (
            [sys.executable, "-m", "venv", str(folder)],
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages],
        ):
            subprocess.run(command, check=True, capture_output=True, text=True)
    except (subprocess.CalledProcessError, OSError) as error:
        print(getattr(error, "stderr", error), file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        wanted = ", ".join(package for package in packages if "==" in package)
        raise NotInstalledError(f"not installed: pip could not install {wanted}") from error
    done.touch()
    return python
