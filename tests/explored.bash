# shellcheck shell=bash
# For the tests that build many small programs for the explorer.
# usage: load explored

# explorable UNIT CC FILE...: the path of UNIT's explore binary, built from
# FILE... as unit_bin builds it, but outside the sandbox, which costs more than
# the compiler. Needs tools/lib/unit.sh; a unit that is there is not built again.
explorable() {
    local unit=$1
    # shellcheck disable=SC2034 # unit_build_explore reads them
    local -a cc=("$2") cflags=() ldflags=()

    if [[ ! -d $unit ]]; then
        unit_stage "$@"
        mkdir "$unit/objects"
        (
            cd "$unit/src" || exit
            unit_build_explore "$unit/objects" "$unit/bin/explore"
        ) >"$unit/bin/explore.log" 2>&1 || return
    fi
    printf '%s\n' "$unit/bin/explore"
}
