# shellcheck shell=bash
# What the tests of the detectors share: staging a program, asking a detector
# about it, reading its answer.
# Usage: load helper; load detect

PROGRAMS=$ROOT/tests/programs/detect

# shellcheck source=../tools/lib/unit.sh
source "$ROOT/tools/lib/unit.sh"

# unit_of PROGRAM CC: sets UNIT, staged in a folder with a space in its name.
# PROGRAM is one of tests/programs/detect, of which the tests of a file share
# the unit, or the path of a C file.
unit_of() {
    local file=$1 above=$BATS_TEST_TMPDIR
    [[ $file == */* ]] || {
        file=$PROGRAMS/$file.c
        above=$BATS_FILE_TMPDIR
    }
    UNIT="$above/a unit/$(basename -- "$file" .c)-$2"
    mkdir -p "${UNIT%/*}"
    (
        flock 9
        [[ $above == "$BATS_FILE_TMPDIR" && -f $UNIT.staged ]] ||
            unit_stage "$UNIT" "$2" "$file"
        : >"$UNIT.staged"
    ) 9>"$UNIT.lock"
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

# keeps_contract NAME STATUS FILE: an answer to be compared with the contract
# when the tests of the file have ended, all in one go.
keeps_contract() {
    local kept
    kept=$(mktemp -d "$BATS_FILE_TMPDIR/answer.XXXXXX")
    cp -- "$3" "$kept/lines"
    printf '%s\n' "$1" "$2" "$BATS_TEST_DESCRIPTION" >"$kept/about"
}

# Of every answer: each line is valid, the last one and no other is the
# summary, and the exit code says the same as the summary and the findings.
contract_kept() {
    python3 - "$ROOT/tools/finding.schema.json" "$@" <<'PYTHON'
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
valid = jsonschema.validators.validator_for(schema)(schema)
codes = {"clean": 0, "found": 1, "broken": 3, "no-answer": 4}
wrong = 0
for kept in sys.argv[2:]:
    name, status, test = open(kept + "/about").read().rstrip("\n").split("\n")
    text = open(kept + "/lines", encoding="utf-8").read()
    try:
        lines = [json.loads(line) for line in text.splitlines()]
        for line in lines:
            valid.validate(line)
        said = lines[-1]["status"]
        errors = any(line.get("severity") == "error" for line in lines)
        assert [line["type"] for line in lines].index("summary") \
            == len(lines) - 1, "the summary is not the last line"
        assert all(line["detector"] == name for line in lines), "the name"
        assert codes[said] == int(status), "the exit code " + status
        assert errors == (said == "found") or said == "no-answer", "errors"
    except Exception as why:
        wrong += 1
        print(f"{test}: {name} breaks the contract: {why}\n{text}",
              file=sys.stderr)
sys.exit(wrong > 0)
PYTHON
}

teardown_file() {
    local -a answers
    mapfile -t answers < <(find "$BATS_FILE_TMPDIR" -maxdepth 1 \
        -name 'answer.*')
    ((!${#answers[@]})) || contract_kept "${answers[@]}"
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
