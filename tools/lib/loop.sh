# shellcheck shell=bash
# Detectors that run a unit's program in one order of its events after another
# (tools/loop). Needs unit.sh sourced before.
# Usage: source tools/lib/unit.sh; source tools/lib/loop.sh
#
# loop_detector NAME STRATEGY "$@"
#     reads the options of the detector contract, prints the detector's lines
#     and ends with its exit code. A program that never calls what waits for
#     events is clean at once: it is neither built again nor run.

LOOP_TOOL=$UNIT_ROOT/build/bin/rl-loop

loop_misuse() {
    printf 'racelab: %s: %s\n' "$LOOP_NAME" "$1" >&2
    exit 70
}

# loop_answer STATUS BASIS [REASON]: a summary without a run.
loop_answer() {
    jq -nc --arg detector "$LOOP_NAME" --arg status "$1" --arg basis "$2" \
        --arg reason "${3:-}" '{type: "summary", detector: $detector,
        status: $status, runs: 0, basis: $basis}
        + if $reason == "" then {} else {reason: $reason} end'
}

loop_broken() {
    loop_answer broken 'it could not be run' "$1"
    exit 3
}

# A binary of the unit's that calls the C library by name; one that others
# need too where there is none yet.
loop_any_binary() {
    local flavour
    for flavour in loop valgrind plain; do
        if [[ -x $LOOP_UNIT/bin/$flavour ]]; then
            printf '%s\n' "$LOOP_UNIT/bin/$flavour"
            return
        fi
    done
    unit_bin "$LOOP_UNIT" valgrind
}

# Does the program call anything that waits for several descriptors?
loop_waits() {
    local names
    names=$(nm -D --undefined-only "$1" | sed 's/@.*//; s/.* //')
    grep -qxE 'epoll_p?wait2?|p?poll|__p?poll_chk|p?select' <<<"$names"
}

loop_options() {
    LOOP_UNIT='' LOOP_OPTIONS=()
    while (($#)) && [[ $1 != -- ]]; do
        (($# > 1)) || loop_misuse "$1 needs a value"
        case $1 in
        --unit) LOOP_UNIT=$2 ;;
        --runs | --seed | --expect-output | --stdin | --wall)
            LOOP_OPTIONS+=("$1" "$2")
            ;;
        *) loop_misuse "no option $1" ;;
        esac
        shift 2
    done
    [[ ${1:-} != -- ]] || shift
    LOOP_ARGS=("$@")
    [[ -d $LOOP_UNIT/src ]] || loop_misuse "no unit $LOOP_UNIT"
}

# loop_build COMMAND...: LOOP_BIN is what COMMAND prints.
loop_build() {
    local log status=0
    LOOP_BIN=$("$@") || status=$?
    ((status)) || return 0
    log=$LOOP_UNIT/bin/${*: -1}.log
    [[ -f $log ]] || log=$LOOP_UNIT/bin/valgrind.log
    loop_broken "$(grep -m1 -E 'error|undefined' "$log" 2>/dev/null ||
        tail -n1 "$log" 2>/dev/null || echo 'it does not build')"
}

loop_detector() {
    local strategy=$2
    LOOP_NAME=$1
    shift 2
    loop_options "$@"
    loop_build loop_any_binary
    if ! loop_waits "$LOOP_BIN"; then
        loop_answer clean 'no event loop here: it never waits for events'
        return
    fi
    loop_build unit_bin "$LOOP_UNIT" loop
    [[ -x $LOOP_TOOL ]] || loop_broken 'build/bin/rl-loop is missing'
    exec "$LOOP_TOOL" --detector "$LOOP_NAME" --strategy "$strategy" \
        "${LOOP_OPTIONS[@]}" -- "$LOOP_BIN" "${LOOP_ARGS[@]}" </dev/null
}
