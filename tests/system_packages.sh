#!/bin/bash
# What the tests need from the system and pip cannot bring: Chromium, Chinese fonts, a PostgreSQL server,
# poppler's tools that read PDFs, nginx.
# Installs what is missing when it may (root, apt-get), otherwise stops with the command to run.
set -euo pipefail

missing=()

[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || missing+=(chromium)

fonts=$(find /usr/share/fonts /usr/local/share/fonts ~/.fonts ~/.local/share/fonts \
    -iname '*cjk*' -print -quit 2>/dev/null || true)
[ -n "$fonts" ] || missing+=(fonts-noto-cjk)

{ command -v initdb || ls /usr/lib/postgresql/*/bin/initdb ||
    { command -v pg_config && [ -x "$(pg_config --bindir)/initdb" ]; }; } >/dev/null 2>&1 ||
    missing+=(postgresql)

{ command -v pdftotext && command -v pdffonts; } >/dev/null 2>&1 || missing+=(poppler-utils)

{ command -v nginx || [ -x /usr/sbin/nginx ]; } >/dev/null 2>&1 || missing+=(nginx-light)

[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "测试还缺系统软件：${missing[*]}。请先运行：" >&2
    echo "    sudo apt-get update && sudo apt-get install ${missing[*]}" >&2
    exit 1
fi

echo "正在安装测试需要的系统软件：${missing[*]}…"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq --yes --no-install-recommends "${missing[@]}" >/dev/null
