# Shared by scripts/test, scripts/counterparts and .ci/run: named steps, one after the other, all
# of them run even when one fails, and an honest account at the end.

steps_done=()
steps_failed=0

# step NAME COMMAND…: runs it, keeps the time and whether it worked.
step() {
    local name=$1 began=$SECONDS outcome=ok
    shift
    printf '\n==> %s\n' "$name"
    "$@" || { outcome=FAILED; steps_failed=$((steps_failed + 1)); }
    steps_done+=("$(printf '%-8s %5ss  %s' "$outcome" "$((SECONDS - began))" "$name")")
}

# left_out NAME WHY: a step that does not run, said aloud. On CI nothing may be left out.
left_out() {
    printf '\n==> %s: left out (%s)\n' "$1" "$2"
    if [ -n "${CI:-}" ]; then
        steps_failed=$((steps_failed + 1))
        steps_done+=("$(printf '%-8s %6s  %s' "FAILED" "" "$1: left out on CI ($2)")")
    else
        steps_done+=("$(printf '%-8s %6s  %s' "left out" "" "$1 ($2)")")
    fi
}

# account TITLE: what was done; fails when a step has failed.
account() {
    printf '\n%s\n' "$1"
    printf '  %s\n' "${steps_done[@]}"
    printf '  %s\n' "$((SECONDS / 60)) min $((SECONDS % 60)) s in all"
    [ "$steps_failed" -eq 0 ]
}

# have_debian PACKAGE… : installs them when that can be done here, or says how to.
have_debian() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "installing $*"
        export DEBIAN_FRONTEND=noninteractive
        if ! apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1; then
            apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null
        fi
    else
        echo "please install first: $* (Debian and Ubuntu: sudo apt-get install $*)" >&2
        return 1
    fi
}
