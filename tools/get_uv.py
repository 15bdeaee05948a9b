"""uv, which chooses and installs the course's packages: found or fetched, and set to
download from where pip would.

Called in the course's folder. The syntax is kept old on purpose, as in setup_venv.py,
which imports this.
"""

import ast
import os
import re
import shutil
import subprocess
import sys

from explained import AGAIN, SetupError, run

OLDEST_UV = (0, 9)
FETCHED = "build/uv"  # an environment of its own, for uv alone
FETCHED_UV = FETCHED + "/bin/uv"

# What pip's settings are called where uv reads them.
AS_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_OFFLINE",
    "trusted-host": "UV_INSECURE_HOST",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "HTTPS_PROXY",
}
# Of a user's settings of uv, those on downloads. The others are meant for the user's
# own projects, and could lead uv away from this one.
KEPT = re.compile(
    "UV_(CACHE_DIR|CONCURRENT|CONFIG_FILE|.*INDEX|FIND_LINKS|HTTP|INSECURE_HOST"
    "|KEYRING|LINK_MODE|NATIVE_TLS|NO_CONFIG|OFFLINE|SYSTEM_CERTS)"
)
FOREIGN = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX")


def get_uv():
    """The path of a uv that is new enough: one on PATH, or one that pip fetches.

    Raises SetupError where there is none and it can't be fetched.
    """
    ours = os.path.abspath(".venv/bin")  # may be made afresh by it
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    path = os.pathsep.join(folder for folder in folders if folder != ours)
    for uv in (shutil.which("uv", path=path), FETCHED_UV):
        if uv and version(uv) >= OLDEST_UV:
            return uv
    fetch_uv()
    return FETCHED_UV


def version(uv):
    """uv's version as (major, minor), or () where it can't be started."""
    found = re.match(r"uv (\d+)\.(\d+)", output([uv, "--version"]))
    return tuple(int(number) for number in found.groups()) if found else ()


def fetch_uv():
    """Have pip install uv into an environment of its own. Raises SetupError."""
    from importlib.util import find_spec  # which Python 2 lacks

    if not (find_spec("venv") and find_spec("ensurepip")):
        raise SetupError(
            "%s lacks its venv module, which Debian and Ubuntu package separately: "
            "sudo apt install python%d.%d-venv%s"
            % ((sys.executable,) + sys.version_info[:2] + (AGAIN,))
        )
    pip = [FETCHED + "/bin/python", "-I", "-m", "pip", "install"]
    pip += ["--no-input", "--no-cache-dir", "--progress-bar", "off"]
    pip += ["--disable-pip-version-check", "--only-binary", ":all:"]
    environment = dict(os.environ, PIP_USER="0")  # a setting that this pip would refuse
    run([base_python(), "-I", "-m", "venv", "--clear", FETCHED], environment)
    run(pip + ["uv>=%d.%d" % OLDEST_UV], environment)


def uv_environment():
    """The variables to start uv with: its own settings, and pip's where it has none."""
    environment = dict(os.environ)
    own = {name: environment[name] for name in environment if KEPT.match(name)}
    for name in os.environ:
        if name.startswith("UV_") or name in FOREIGN:
            del environment[name]
    # As pip does, trust the certificates that this computer trusts.
    environment.update(UV_SYSTEM_CERTS="1", UV_NATIVE_TLS="1")  # its new name and old
    if "REQUESTS_CA_BUNDLE" in environment:
        environment["SSL_CERT_FILE"] = environment["REQUESTS_CA_BUNDLE"]
    for setting, value in pip_settings().items():
        words = value.split()
        if setting == "find-links":  # uv fails on a folder that isn't there
            words = [",".join(filter(may_be_there, words))]
        if setting == "extra-index-url":  # pip takes the best of all indexes
            environment["UV_INDEX_STRATEGY"] = "unsafe-best-match"
        if setting in AS_UV:
            environment[AS_UV[setting]] = " ".join(words)
    environment.update(own)
    return environment


def may_be_there(place):
    """Whether a place to find packages is an address, or a folder that exists."""
    return place.startswith("http") or os.path.exists(place.replace("file://", ""))


def pip_settings():
    """{"index-url": ...}: what pip is set to by files and, above them, by variables."""
    settings, printed = {}, ""
    if os.environ.get("PIP_CONFIG_FILE") != os.devnull:  # which says: read no file
        printed = output([base_python(), "-I", "-m", "pip", "config", "list"])
    for line in sorted(printed.splitlines()):  # `global` first, then `install`
        key, _, value = line.partition("=")
        section, _, setting = key.rpartition(".")
        if section in ("global", "install"):
            settings[setting] = ast.literal_eval(value)
    for name, value in os.environ.items():
        if name.startswith("PIP_"):
            settings[name[len("PIP_") :].lower().replace("_", "-")] = value
    return settings


def base_python():
    """This Python; in an activated environment, the one that it was made from."""
    return getattr(sys, "_base_executable", None) or sys.executable


def output(command):
    """What a command says on its standard output, or "" where it fails."""
    try:
        printed = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return printed.stdout.decode("utf-8", "replace")
