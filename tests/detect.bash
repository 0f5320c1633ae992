# shellcheck shell=bash
# What the tests of the detectors share: staging a program, asking a detector
# about it, reading its answer.
# Usage: load helper; load detect

PROGRAMS=$ROOT/tests/programs/detect

# shellcheck source=../tools/lib/unit.sh
source "$ROOT/tools/lib/unit.sh"

# unit_of PROGRAM CC: sets UNIT, staged in a folder with a space in its name.
# PROGRAM is one of tests/programs/detect or the path of a C file.
unit_of() {
    local file=$1
    [[ $file == */* ]] || file=$PROGRAMS/$file.c
    UNIT="$BATS_TEST_TMPDIR/a unit/$(basename -- "$file" .c)-$2"
    mkdir -p "$(dirname -- "$UNIT")"
    unit_stage "$UNIT" "$2" "$file"
}

# answer DETECTOR [OPTION...] -- ARG...: LINES gets its words, STATUS its exit
# code. The words obey the contract whatever they are.
answer() {
    local name=$1
    shift
    LINES_FILE=$BATS_TEST_TMPDIR/lines
    STATUS=0
    limited "$ROOT/tools/detectors/$name" --unit "$UNIT" "$@" \
        >"$LINES_FILE" 2>"$LINES_FILE.err" || STATUS=$?
    keeps_contract "$name" "$STATUS" "$LINES_FILE"
}

# Every line is valid, the last one and no other is the summary, and the exit
# code says the same as the summary and the findings.
keeps_contract() {
    local name=$1 status=$2 file=$3
    python3 - "$ROOT/tools/finding.schema.json" "$file" <<'PYTHON'
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
for line in open(sys.argv[2], encoding="utf-8"):
    jsonschema.validate(json.loads(line), schema)
PYTHON
    jq -es --arg name "$name" --argjson status "$status" '
        (map(.type == "summary") | index(true)) == length - 1
        and all(.[]; .detector == $name)
        and (.[-1].status as $said
            | {clean: 0, found: 1, broken: 3, "no-answer": 4}[$said] == $status
            and (any(.[:-1][]; .severity == "error")
                 == ($said == "found") or $said == "no-answer"))' \
        "$file" >/dev/null || fail_with "breaks the contract:" \
        "$(cat "$file" "$file.err")"
}

# The kinds of the errors in the last answer, sorted, in one line.
errors() {
    jq -r 'select(.type == "finding" and .severity == "error") | .kind' \
        "$LINES_FILE" | sort -u | paste -sd' '
}

# says FILTER: some line of the last answer passes the jq FILTER.
says() {
    jq -es "any(.[]; $1)" "$LINES_FILE" >/dev/null ||
        fail_with "no line for: $1" "$(cat "$LINES_FILE" "$LINES_FILE.err")"
}

# What a program with opposite lock orders may show: it can hang in earnest.
# shellcheck disable=SC2034 # for those who load this
ORDER="(deadlock |hang )?lock-order|deadlock|hang"

# tells DETECTOR PROGRAM KINDS [CC...]: with each compiler (gcc) the errors are
# of KINDS, a pattern for their sorted list. A soak asks with both.
tells() {
    local cc detector=$1 program=$2 kinds=$3
    shift 3
    (($#)) || set -- gcc
    [[ -z ${RL_SOAK:-} ]] || set -- gcc clang
    for cc; do
        command -v "$cc" >/dev/null || continue
        unit_of "$program" "$cc"
        answer "$detector" --
        [[ $(errors) =~ ^($kinds)$ ]] ||
            fail_with "$detector on $program with $cc:" \
                "expected: $kinds" "got: $(cat "$LINES_FILE")"
    done
}
