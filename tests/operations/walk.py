"""docs/operations.md walked through: every command block, in order, in a throw-away Debian 12.

``make drill-operations``. Needs root, debootstrap and unshare. Packages are fetched first, by this machine's own apt and
pip; then everything happens in a chroot with processes, mounts and a loopback network of its own. What differs from a real
machine is said at the end of the document.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.operations.document import PROJECT, commands, sections
from tests.operations.visit import visit

HERE = Path(__file__).parent
VERSIONS = ("0.1.0", "0.2.0")
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
    "PIP_NO_INDEX": "1",
    "PIP_FIND_LINKS": "/wheels",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")


def say(sentence: str) -> None:
    """One line at once."""
    print(sentence, flush=True)


def inside(root: Path, script: str, **environment: str) -> str:
    """Run bash commands in the chroot, stopping at the first that fails; returns what they print."""
    command = ["chroot", str(root), "bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(
        command,
        env=ENVIRONMENT | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"这些命令没有成功（{done.returncode}）：\n{script}\n--- 输出 ---\n{done.stdout[-6000:]}")
    return done.stdout


# --- Beforehand, with this machine's network


def package_sources() -> list[str]:
    """Debian's package sources as this machine's apt has them: (site, release, component)."""
    words = ["$(SITE)", "$(RELEASE)", "$(COMPONENT)"]
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", " ".join(words), "Created-By: Packages", "Origin: Debian"],
        check=True,
        capture_output=True,
        text=True,
    )
    found = [
        line for line in dict.fromkeys(told.stdout.splitlines()) if line.split()[1].startswith("bookworm")
    ]
    return found or sys.exit("这台机器的 apt 没有 Debian 12 的软件源，不能演练。")


def make_debian(root: Path) -> None:
    """The smallest Debian 12, knowing this machine's package sources and nothing else of it."""
    say("正在安装一台最小的 Debian 12…")
    sources = package_sources()
    site = next(line.split()[0] for line in sources if line.split()[1] == "bookworm")
    subprocess.run(
        ["debootstrap", "--variant=minbase", "bookworm", root, site], check=True, stdout=subprocess.DEVNULL
    )
    (root / "etc/apt/sources.list").write_text("".join(f"deb {line}\n" for line in sources))
    for name in ("apt.conf", "apt.conf.d", "auth.conf.d"):
        if (source := Path("/etc/apt", name)).exists():
            subprocess.run(["cp", "-rn", source, root / "etc/apt"], check=False)
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")  # installing starts nothing; the stand-in does
    policy.chmod(0o755)


def fetch_packages(root: Path) -> None:
    """What the document's apt-get and pip lines will want, so that they need no network."""
    say("正在下载文档用到的软件包…")
    (root / "etc/apt/apt.conf.d/99keep").write_text(
        'Binary::apt-get::Keep-Downloaded-Packages "true";\nDPkg::Post-Invoke {};\n'
    )
    (root / "etc/apt/apt.conf.d/docker-clean").unlink(missing_ok=True)
    for line in commands():
        if line.startswith("apt-get update"):
            inside(root, line)
        if line.startswith("apt-get install"):
            inside(root, line.replace("install", "install --download-only --quiet", 1))
    wanted: list[str | Path] = [
        "--require-hashes",
        "--requirement",
        PROJECT / "requirements" / "production.txt",
    ]
    of_debian: list[str | Path] = ["--only-binary=:all:", "--python-version=3.11", "--dest", root / "wheels"]
    subprocess.run([sys.executable, "-m", "pip", "download", "-qq", *of_debian, *wanted], check=True)


def pack_releases(root: Path) -> None:
    """The project as it stands, as two releases."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    names = [
        name for name in listed.stdout.decode().split("\0") if (PROJECT / name).is_file() and name != ".venv"
    ]
    for version in VERSIONS:
        command = [
            "tar",
            "--create",
            "--gzip",
            f"--file={root}{ENVIRONMENT['HOME']}/yibao-{version}.tar.gz",
            "--transform=s,^,yibao/,",
        ]
        subprocess.run(
            [*command, "--null", "--files-from=-"], cwd=PROJECT, check=True, input="\0".join(names).encode()
        )


def install_stand_in(root: Path) -> None:
    """systemctl and journalctl, which the smallest Debian lacks."""
    for name in ("systemctl", "journalctl"):
        shutil.copy(HERE / "systemctl.py", root / "usr/local/bin" / name)
        (root / "usr/local/bin" / name).chmod(0o755)


# --- The walk itself, in namespaces of its own


def mount(root: Path) -> None:
    """/proc, the usual devices, /run; gone with the namespace."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["mount", "-t", "proc", "proc", root / "proc"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", root / "run"], check=True)
    (root / "run/lock").mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", root / "dev"], check=True)
    for name in DEVICES:
        (root / "dev" / name).touch()
        subprocess.run(["mount", "--bind", f"/dev/{name}", root / "dev" / name], check=True)
    (root / "dev/shm").mkdir()
    (root / "dev/shm").chmod(0o1777)  # whatever the umask; the mirror's processes keep their locks there
    (root / "dev/fd").symlink_to("/proc/self/fd")


def walk(root: Path) -> None:
    """Every chapter, the first block (its variables) before each; the site is visited after each."""
    mount(root)
    found = sections()
    variables = found[0].blocks[0]
    for section in found:
        began = time.monotonic()
        blocks = [block for block in section.blocks if block != variables]
        if section is not found[0]:
            blocks.insert(0, "cd /opt/yibao/current")
        said = inside(root, "\n".join([variables, *blocks]))
        say(f"【{section.heading}】{len(section.blocks)} 个命令框，{time.monotonic() - began:.0f} 秒")
        if "看哪里" in section.heading:
            say(said)
        visit(root, lambda script: inside(root, script))
    say(sizes(root))


def sizes(root: Path) -> str:
    """What the document says under 多大."""
    return inside(
        root,
        "du --summarize --human-readable /opt/yibao/0.1.0 /var/lib/yibao/mirror /var/lib/yibao/backup/*.tar.gz*\n"
        "runuser -u postgres -- psql --tuples-only --command=\"select pg_size_pretty(pg_database_size('yibao'))\"",
    )


def main() -> None:
    """Make the Debian, then walk in it; nothing is left behind."""
    if sys.argv[1:2] == ["--inside"]:
        walk(Path(sys.argv[2]))
        return
    if os.geteuid():
        sys.exit("要用 root 运行：chroot 和挂载需要它。")
    for program in ("debootstrap", "unshare", "ip"):
        if not shutil.which(program):
            sys.exit(f"缺 {program}：apt-get install debootstrap util-linux iproute2")
    signal.signal(
        signal.SIGTERM, lambda number, _frame: sys.exit(128 + number)
    )  # what was made is taken away
    folder = Path(tempfile.mkdtemp(prefix="operations-"))
    root = folder / "debian"
    try:
        make_debian(root)
        fetch_packages(root)
        pack_releases(root)
        install_stand_in(root)
        apart = ["unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "--kill-child=SIGKILL"]
        subprocess.run(
            [*apart, sys.executable, "-m", "tests.operations.walk", "--inside", root], cwd=PROJECT, check=True
        )
        say("全部通过：文档的每个命令框都执行过，网站照它说的在运行。")
    except subprocess.CalledProcessError as error:
        sys.exit(f"演练没有通过：{error}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
