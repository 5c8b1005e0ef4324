#!/bin/sh
# Installs what the tests need from the system, where it is missing and allowed; else says what to install.
missing=""
command -v Xvfb >/dev/null 2>&1 || missing="$missing xvfb"
PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -q libXtst || missing="$missing libxtst6"
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 \
  || command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing$missing"
  # shellcheck disable=SC2086
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } \
    >/dev/null 2>&1 && exit 0
fi
echo "not installed:$missing; the tests that need it are skipped (Debian, Ubuntu: sudo apt install$missing)"
