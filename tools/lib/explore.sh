# shellcheck shell=bash
# The explorer on a unit, for its detector and for the commands explore and
# replay. Needs unit.sh sourced before; explore_detector schedules.sh, too.
#
# explore_detector "$@"   the detector: reads the options of the contract,
#     proves where that is small, else tries 2,000 schedules
# explore_identity UNIT   prints what a token is bound to: the sources, without
#     their folder, the flags and the family of the compiler

explore_identity() {
    local unit=$1 family=gcc fresh=$1/identity.$BASHPID
    local -a cc
    if [[ -s $unit/identity ]]; then
        cat "$unit/identity"
        return
    fi
    mapfile -t cc <"$unit/cc"
    ! unit_is_clang "${cc[@]}" || family=clang
    (
        cd -- "$unit/src" || exit
        find . -type f -name '*.[chS]' -print0 | sort -z | xargs -r0 sha256sum
        sha256sum ../cflags ../ldflags
    ) | sha256sum | sed "s/^\(.\{16\}\).*/$family-\1/" >"$fresh"
    mv -f "$fresh" "$unit/identity"
    cat "$unit/identity"
}

# Where all interleavings are too many, or a loop can go round for ever, what
# is left of them is judged: bounded, and no proof. Longer runs than STEPS
# points are a retry that an unfair schedule never lets through.
EXPLORE_AUTO=(--strategy auto --steps 10000)

explore_detector() {
    local status=0 lines last
    schedules_take explore "$@"
    lines=$(schedules_ask explore "${EXPLORE_AUTO[@]:1}" \
        --id "$(explore_identity "$SCHEDULES_UNIT")") || status=$?
    last=${lines##*$'\n'}
    if [[ $last == *'"reason":"'* ]]; then
        last=$(jq -c -L "$UNIT_ROOT/tools/lib" \
            'include "bounded"; bounded' <<<"$last")
        [[ $last != *'"status":"clean"'* ]] || status=0
        [[ $last != *'"status":"no-answer"'* ]] || status=4
    fi
    [[ $lines != *$'\n'* ]] || printf '%s\n' "${lines%$'\n'*}"
    printf '%s\n' "$last"
    return "$status"
}
