# What only ./check sets up: a browser, a Chinese font, an OPC UA server, the benchmarks' peers. Sourced after setup.sh.

has_chinese_font() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh-cn family)" ]; }

has_browser() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || [ -n "${ANLAN_CHROMIUM:-}" ]; }

# as_root COMMAND...: fails quietly where that needs a password
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@" 2>/dev/null; fi
}

# set_up_browser: Chromium and a font with Chinese characters, from the system's packages
set_up_browser() {
  local wanted=()
  has_browser || wanted+=(chromium)
  has_chinese_font || wanted+=(fontconfig fonts-wqy-microhei)
  [ ${#wanted[@]} -eq 0 ] && return
  say "安装浏览器测试所需的 ${wanted[*]}……" "Installing what the browser tests need: ${wanted[*]} ..."
  if command -v apt-get >/dev/null 2>&1; then
    as_root apt-get update -q >/dev/null &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${wanted[@]}" >/dev/null
  fi
  has_browser && has_chinese_font && return
  say "浏览器测试需要 Chromium 和中文字体。请安装后重试（Debian：sudo apt install ${wanted[*]}），或用 ANLAN_CHROMIUM 指明浏览器；./check --fast 不运行浏览器测试。" \
    "The browser tests need Chromium and a Chinese font. Install them and try again (Debian: sudo apt install ${wanted[*]}), or name the browser in ANLAN_CHROMIUM; ./check --fast leaves the browser tests out." >&2
  return 1
}

# set_up_opcua: the OPC UA server of another stack that the collector is tried against
set_up_opcua() {
  local folder="$root/tests/interop/opcua" stamp
  stamp="$(sha256sum <"$folder/package-lock.json" | cut -d' ' -f1)"
  [ "$(cat "$folder/node_modules/.anlan-lock" 2>/dev/null)" = "$stamp" ] && return
  (cd "$folder" && npm ci --silent) || return 1
  printf '%s' "$stamp" >"$folder/node_modules/.anlan-lock"
}

# set_up_peers: an environment of its own in .peers/NAME for each requirements/peers/NAME.lock
set_up_peers() {
  local lock name folder stamp failed=0
  for lock in "$root"/requirements/peers/*.lock; do
    [ -e "$lock" ] || continue
    name="$(basename "$lock" .lock)" folder="$root/.peers/$(basename "$lock" .lock)"
    stamp="$(sha256sum <"$lock" | cut -d' ' -f1)"
    [ "$(cat "$folder/anlan-lock" 2>/dev/null)" = "$stamp" ] && continue
    say "安装对比对象 $name……" "Installing the peer $name ..."
    "$root/.venv/bin/uv" venv -q --clear --python "$root/.venv/bin/python" "$folder" &&
      VIRTUAL_ENV="$folder" "$root/.venv/bin/uv" pip install -q --require-hashes -r "$lock" &&
      printf '%s' "$stamp" >"$folder/anlan-lock" || failed=1
  done
  return "$failed"
}
