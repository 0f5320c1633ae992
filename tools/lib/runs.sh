# shellcheck shell=bash
# Running a unit's program several times, for the detectors that do so: what
# happens and what it means is rl-runs' business (tools/core/rl_runs.c).
# Usage: source tools/lib/unit.sh; source tools/lib/runs.sh
#
# runs_options NAME "$@"
#     takes the detector's --unit into RUNS_UNIT, its other options into
#     RUNS_OPTIONS, the program's arguments into RUNS_ARGS; exits 70 on misuse,
#     for a detector is called by us.
# runs_bin FLAVOUR
#     builds it and sets RUNS_BIN; if that fails it prints a summary that
#     says broken, and exits 3.
# runs_go OPTION... -- PROGRAM...
#     becomes rl-runs with these options, then those of the detector's caller,
#     which win; PROGRAM gets RUNS_ARGS.
# runs_broken REASON
#     prints a summary that says broken, and exits 3.

RUNS_TOOL=$UNIT_ROOT/build/bin/rl-runs

runs_misuse() {
    printf 'racelab: %s: %s\n' "$RUNS_NAME" "$1" >&2
    exit 70
}

runs_options() {
    RUNS_NAME=$1 RUNS_UNIT='' RUNS_OPTIONS=()
    shift
    while (($#)) && [[ $1 != -- ]]; do
        (($# > 1)) || runs_misuse "$1 needs a value"
        case $1 in
        --unit) RUNS_UNIT=$2 ;;
        --runs | --seed | --expect-output | --stdin | --wall)
            RUNS_OPTIONS+=("$1" "$2")
            ;;
        *) runs_misuse "no option $1" ;;
        esac
        shift 2
    done
    [[ ${1:-} != -- ]] || shift
    RUNS_ARGS=("$@")
    [[ -d $RUNS_UNIT/src ]] || runs_misuse "no unit $RUNS_UNIT"
    if [[ ! -x $RUNS_TOOL ]]; then
        printf '{"type":"summary","detector":"%s","status":"broken",' \
            "$RUNS_NAME"
        printf '"runs":0,"basis":"it could not be run",'
        printf '"reason":"build/bin/rl-runs is missing"}\n'
        exit 3
    fi
}

runs_broken() {
    exec "$RUNS_TOOL" --detector "$RUNS_NAME" --broken "$1"
}

# RUNS_BIN is what a detector reads.
# shellcheck disable=SC2034
runs_bin() {
    local flavour=$1 status=0 log=$RUNS_UNIT/bin/$1.log

    RUNS_BIN=$(unit_bin "$RUNS_UNIT" "$flavour") || status=$?
    case $status in
    0) ;;
    2)
        runs_broken "it does not build: $(grep -m1 -E 'error|undefined' \
            "$log" || tail -n1 "$log")"
        ;;
    *) runs_broken "$(tail -n1 "$log" 2>/dev/null || echo 'no unit')" ;;
    esac
}

runs_go() {
    local -a options=(--detector "$RUNS_NAME")

    while [[ $1 != -- ]]; do
        options+=("$1")
        shift
    done
    exec "$RUNS_TOOL" "${options[@]}" "${RUNS_OPTIONS[@]}" "$@" \
        "${RUNS_ARGS[@]}" </dev/null
}
