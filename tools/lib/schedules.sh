# shellcheck shell=bash
# Detectors that run the explore flavour of a unit under schedules of one
# strategy of rl-explore. Needs unit.sh sourced before.
# Usage: source tools/lib/unit.sh; source tools/lib/schedules.sh
#
# schedules_run NAME STRATEGY "$@": reads the options of the detector
#     contract (--unit, --runs, --seed, --expect-output, --stdin, --wall,
#     -- ARG...), prints the detector's lines and returns its exit code.
# schedules_take NAME "$@"                   only reads them, and builds;
# schedules_ask NAME STRATEGY [OPTION...]    then runs, as often as one likes

# shellcheck source=explore.sh
source "$UNIT_ROOT/tools/lib/explore.sh"

SCHEDULES_EXPLORER=$UNIT_ROOT/build/bin/rl-explore

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
    local name=$1 strategy=$2
    shift 2
    schedules_take "$name" "$@"
    schedules_ask "$name" "$strategy" \
        --id "$(explore_identity "$SCHEDULES_UNIT")"
}

schedules_take() {
    local name=$1 log status=0
    SCHEDULES_UNIT='' SCHEDULES_OPTIONS=()
    shift

    while (($#)) && [[ $1 != -- ]]; do
        (($# > 1)) || schedules_misuse "$name: $1 needs a value"
        case $1 in
        --unit) SCHEDULES_UNIT=$2 ;;
        --runs) SCHEDULES_OPTIONS+=(--schedules "$2") ;;
        --seed | --expect-output | --stdin | --wall)
            SCHEDULES_OPTIONS+=("$1" "$2")
            ;;
        *) schedules_misuse "$name: no option $1" ;;
        esac
        shift 2
    done
    [[ ${1:-} != -- ]] || shift
    SCHEDULES_ARGS=("$@")
    [[ -d $SCHEDULES_UNIT/src ]] ||
        schedules_misuse "$name: no unit $SCHEDULES_UNIT"
    SCHEDULES_BIN=$(unit_bin "$SCHEDULES_UNIT" explore) || status=$?
    if ((status)); then
        log=$SCHEDULES_UNIT/bin/explore.log
        schedules_broken "$name" "$(grep -m1 -E 'error|undefined' "$log" ||
            tail -n1 "$log" 2>/dev/null || echo 'it does not build')"
    fi
    [[ -x $SCHEDULES_EXPLORER ]] ||
        schedules_broken "$name" 'build/bin/rl-explore is missing'
}

schedules_ask() {
    local name=$1 strategy=$2
    shift 2
    "$SCHEDULES_EXPLORER" "$SCHEDULES_BIN" --strategy "$strategy" \
        --detector "$name" "${SCHEDULES_OPTIONS[@]}" "$@" \
        -- "${SCHEDULES_ARGS[@]}" </dev/null || return
}
