# shellcheck shell=bash
# Detectors that run the explore flavour of a unit under schedules of one
# strategy of rl-explore. Needs unit.sh sourced before.
# Usage: source tools/lib/unit.sh; source tools/lib/schedules.sh
#
# schedules_run NAME STRATEGY "$@": reads the options of the detector
#     contract (--unit, --runs, --seed, --expect-output, --stdin, --wall,
#     -- ARG...), prints the detector's lines and returns its exit code.

schedules_misuse() {
    printf 'racelab: %s\n' "$1" >&2
    exit 70
}

# schedules_broken NAME REASON
schedules_broken() {
    jq -nc --arg detector "$1" --arg reason "$2" \
        '{type: "summary", detector: $detector, status: "broken", runs: 0,
          basis: "it could not be run", reason: $reason}'
    exit 3
}

schedules_run() {
    local name=$1 strategy=$2 unit='' bin log status=0
    local explorer=$UNIT_ROOT/build/bin/rl-explore
    local -a options=(--strategy "$strategy" --detector "$name")
    shift 2

    while (($#)) && [[ $1 != -- ]]; do
        (($# > 1)) || schedules_misuse "$name: $1 needs a value"
        case $1 in
        --unit) unit=$2 ;;
        --runs) options+=(--schedules "$2") ;;
        --seed | --expect-output | --stdin | --wall) options+=("$1" "$2") ;;
        *) schedules_misuse "$name: no option $1" ;;
        esac
        shift 2
    done
    [[ ${1:-} != -- ]] || shift
    [[ -d $unit/src ]] || schedules_misuse "$name: no unit $unit"
    bin=$(unit_bin "$unit" explore) || status=$?
    if ((status)); then
        log=$unit/bin/explore.log
        schedules_broken "$name" "$(grep -m1 -E 'error|undefined' "$log" ||
            tail -n1 "$log" 2>/dev/null || echo 'it does not build')"
    fi
    [[ -x $explorer ]] || schedules_broken "$name" 'build/bin/rl-explore is missing'
    "$explorer" "$bin" "${options[@]}" -- "$@" </dev/null || return
}
