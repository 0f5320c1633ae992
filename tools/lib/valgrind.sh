# shellcheck shell=bash
# What the detectors helgrind and drd share. Sourced after runs.sh.
# Usage: valgrind_detector NAME VALGRIND-OPTION... -- DETECTOR-OPTION...
#
# --read-var-info=yes is left out: it takes six times as long, and our reader
# of the XML names variables itself. The plain flavour is for what Valgrind
# does not tell: who waits for whom, which lock orders cannot meet.

valgrind_detector() {
    local name=$1 valgrind plain
    local -a tool=() ask=()
    shift

    while [[ $1 != -- ]]; do
        tool+=("$1")
        shift
    done
    shift
    runs_options "$name" "$@"
    valgrind=$(command -v valgrind) ||
        runs_broken "valgrind is not installed: run tools/setup"
    runs_bin valgrind
    plain=$(unit_bin "$RUNS_UNIT" plain 2>/dev/null) || plain=''
    [[ -z $plain ]] || ask=(--plain "$plain")
    runs_go --wall 60 --cpu 60 --mem 3072 --asks valgrind \
        --kinds "wrong-output exit-code assert crash timeout hang" \
        "${ask[@]}" --binary "$RUNS_BIN" -- "$valgrind" "--tool=$name" \
        --command-line-only=yes --child-silent-after-fork=yes \
        --fair-sched=try --xml=yes --xml-fd=100 "${tool[@]}" "$RUNS_BIN"
}
