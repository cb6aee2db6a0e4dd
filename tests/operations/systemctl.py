#!/usr/bin/python3
"""A stand-in for systemctl and journalctl where no systemd runs: reads the installed units and starts what they say.

Used by ``walk.py`` in its throw-away Debian. It knows what our document needs: start, stop, restart, reload, enable --now,
status, timers with OnUnitInactiveSec; user, group, folders, environment and umask of a unit. It confines nothing.
"""

from __future__ import annotations

import fcntl
import grp
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

UNITS = [Path("/etc/systemd/system"), Path("/lib/systemd/system")]
STATE, LOGS = Path("/run/standin"), Path("/var/log/standin")
Unit = dict[str, list[str]]


def full_name(name: str) -> str:
    """``nginx`` is nginx.service; Debian's postgresql is its one cluster."""
    name = name if "." in name else f"{name}.service"
    return "postgresql@15-main.service" if name == "postgresql.service" else name


def read(name: str) -> Unit:
    """Every setting of the unit with its values in order; %i is what stands after the @."""
    template, _, instance = name.rpartition(".")[0].partition("@")
    file = f"{template}@.{name.rpartition('.')[2]}" if instance else name
    path = next((folder / file for folder in UNITS if (folder / file).exists()), None)
    if path is None:
        sys.exit(f"Unit {name} not found.")
    unit: Unit = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        key, is_setting, value = line.strip().partition("=")
        if is_setting and not key.startswith(("#", ";")):
            unit[key].append(value.replace("%i", instance))
    return unit


def last(unit: Unit, key: str, otherwise: str = "") -> str:
    return unit[key][-1] if unit[key] else otherwise


def environment(unit: Unit) -> dict[str, str]:
    found = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
    for name in unit["EnvironmentFile"]:
        for line in Path(name.lstrip("-")).read_text("utf-8").splitlines():
            key, is_setting, value = line.partition("=")
            if is_setting and not key.startswith("#"):
                found[key] = value.strip("'\"")
    return found


def run(name: str, unit: Unit, command: str) -> subprocess.Popen[bytes]:
    """Begin one command of the unit as its user, in a session of its own, its words going to the log."""
    user = pwd.getpwnam(last(unit, "User", "root"))
    group = grp.getgrnam(last(unit, "Group")).gr_gid if unit["Group"] else user.pw_gid
    for folder in last(unit, "RuntimeDirectory").split():
        path = Path("/run", folder)
        path.mkdir(exist_ok=True)
        path.chmod(int(last(unit, "RuntimeDirectoryMode", "755"), 8))
        os.chown(path, user.pw_uid, group)
    LOGS.mkdir(exist_ok=True)
    with (LOGS / name).open("ab") as log:
        return subprocess.Popen(
            shlex.split(command.lstrip("-@+!")),
            cwd=last(unit, "WorkingDirectory", "/"),
            env=environment(unit) | {"HOME": user.pw_dir, "USER": user.pw_name},
            user=user.pw_uid,
            group=group,
            extra_groups=os.getgrouplist(user.pw_name, group),
            umask=int(last(unit, "UMask", "022"), 8),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def pid_of(name: str) -> int:
    """The main process, 0 when there is none."""
    try:
        pid = int((STATE / name).read_text())
        os.kill(pid, 0)
    except (OSError, ValueError):
        return 0
    return pid if "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text() else 0


def start(name: str) -> int:
    unit = read(name)
    if name.endswith(".timer"):
        return start_timer(name, unit)
    kind = last(unit, "Type", "simple")
    if kind != "oneshot" and pid_of(name):
        return 0
    with (STATE / f"{name}.lock").open("w") as lock:
        if kind == "oneshot":
            fcntl.flock(lock, fcntl.LOCK_EX)
        for command in unit["ExecStartPre"]:
            run(name, unit, command).wait()
        process = run(name, unit, last(unit, "ExecStart"))
        if kind != "forking":
            (STATE / name).write_text(str(process.pid))
        if kind in {"oneshot", "forking"}:
            failed = process.wait() and not last(unit, "ExecStart").startswith("-")
            if failed:
                sys.stderr.write(f"Job for {name} failed:\n{(LOGS / name).read_text('utf-8')[-3000:]}\n")
            return int(bool(failed))
    time.sleep(0.2)
    return int(process.poll() is not None)


def start_timer(name: str, unit: Unit) -> int:
    """Run the service again and again; a time of day never comes in a drill."""
    pause = last(unit, "OnUnitInactiveSec")
    if not pause or pid_of(name):
        return 0
    if (pid := os.fork()) == 0:
        os.setsid()
        for stream in (0, 1, 2):
            os.dup2(os.open(os.devnull, os.O_RDWR), stream)
        while True:
            time.sleep(int(pause.removesuffix("s")))
            start(name.replace(".timer", ".service"))
    (STATE / name).write_text(str(pid))
    return 0


def stop(name: str) -> int:
    unit, pid = read(name), pid_of(name)
    for command in unit["ExecStop"]:
        run(name, unit, command).wait()
    if pid:
        os.kill(pid, signal.SIGTERM)
        for _ in range(100):
            if not pid_of(name):
                break
            time.sleep(0.1)
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    for folder in last(unit, "RuntimeDirectory").split() if pid else []:
        shutil.rmtree(f"/run/{folder}", ignore_errors=True)
    return 0


def restart(name: str) -> int:
    return stop(name) or start(name)


def reload(name: str) -> int:
    unit = read(name)
    return run(name, unit, last(unit, "ExecReload").replace("$MAINPID", str(pid_of(name)))).wait()


def status(name: str) -> int:
    read(name)
    print(f"{name}: {'active' if pid_of(name) else 'not watched by the stand-in'}")
    return 0


def nothing(name: str) -> int:
    return 0


VERBS = {
    "start": start,
    "stop": stop,
    "restart": restart,
    "reload": reload,
    "status": status,
    "is-active": status,
}


def main(words: list[str]) -> int:
    """Exit code of the first unit that failed."""
    STATE.mkdir(exist_ok=True)
    options = [word for word in words if word.startswith("-")]
    verb, *names = [word for word in words if not word.startswith("-")] or ["daemon-reload"]
    if verb == "enable":
        verb = "start" if "--now" in options else "nothing"
    return next((code for name in names if (code := VERBS.get(verb, nothing)(full_name(name)))), 0)


def journal(words: list[str]) -> int:
    """The last lines of a unit's log."""
    given = dict(word.lstrip("-").partition("=")[::2] for word in words)
    log = LOGS / full_name(given["unit"])
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    print("\n".join(lines[-int(given.get("lines", "10")) :]))
    return 0


if __name__ == "__main__":
    sys.exit((journal if Path(sys.argv[0]).name == "journalctl" else main)(sys.argv[1:]))
