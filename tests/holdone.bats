#!/usr/bin/env bats
# The detectors holdone and noise, as the rest of the lab calls them.

bats_require_minimum_version 1.5.0

setup_file() {
    ROOT=$(cd -- "$(dirname -- "$BATS_TEST_FILENAME")/.." && pwd -P)
    UNITS="$BATS_FILE_TMPDIR/units with spaces"
    export ROOT UNITS
    make -s -C "$ROOT" tools >&2
    mkdir -p "$UNITS"
}

# detect DETECTOR PROGRAM OPTION...: on a unit of programs/PROGRAM.c.
detect() {
    local unit=$UNITS/${2/\//-}
    source "$ROOT/tools/lib/unit.sh"
    [[ -d $unit ]] ||
        unit_stage "$unit" gcc "$ROOT/tests/programs/$2.c"
    timeout -k 5 60 "$ROOT/tools/detectors/$1" --unit "$unit" "${@:3}" 3>&-
}

summary() {
    tail -n1 <<<"$output" | jq -r "$1"
}

@test "both describe themselves" {
    local name
    for name in holdone noise; do
        "$ROOT/tools/detectors/$name" --describe |
            jq -e --arg name "$name" '.name == $name and (.order > 0) and
                (.about | length > 0) and (.grades | type == "boolean")'
    done
}

@test "hold-one finds the deadlock and ends with 1" {
    run -1 detect holdone fail/order --
    [[ $(summary .status) == found ]]
    [[ $output == *'"kind":"deadlock"'* ]]
}

@test "hold-one is silent on the gate lock, ends with 0 and counts its holds" {
    run -0 detect holdone pass/order --
    [[ $(summary .status) == clean ]]
    [[ $(summary .basis) =~ ^right\ in\ all\ [0-9]+\ holds$ ]]
    [[ $(summary .detector) == holdone ]]
}

@test "hold-one says the same thing twice" {
    local first
    first=$(detect holdone fail/mutex --) || true
    [[ $(detect holdone fail/mutex -- || true) == "$first" ]]
}

@test "hold-one judges the output where it is known" {
    printf '4\n' >"$UNITS/right"
    printf '5\n' >"$UNITS/wrong"
    run -0 detect holdone pass/counter --expect-output "$UNITS/right" -- 2 2
    run -1 detect holdone pass/counter --expect-output "$UNITS/wrong" -- 2 2
    [[ $output == *'"kind":"wrong-output"'* ]]
}

@test "noise counts outcomes, most frequent first" {
    run -1 detect noise fail/atomic --runs 60 --
    [[ $(summary '.outcomes | length > 1') == true ]]
    [[ $(summary '[.outcomes[].count] | . == (sort | reverse)') == true ]]
    [[ $(summary '.runs') == 62 ]]
}

@test "noise depends on its seed and on nothing else" {
    local one two other
    one=$(detect noise fail/atomic --runs 20 --seed 3 --) || true
    two=$(detect noise fail/atomic --runs 20 --seed 3 --) || true
    other=$(detect noise fail/atomic --runs 20 --seed 4 --) || true
    [[ $one == "$two" && $one != "$other" ]]
}

@test "what is not modelled is no answer, with its name" {
    run -4 detect holdone fail/fork --
    [[ $(summary .status) == no-answer ]]
    [[ $(summary .reason) == *fork* ]]
}

@test "a program that does not build is broken, not wrong" {
    source "$ROOT/tools/lib/unit.sh"
    printf 'int main(void) { return nothing; }\n' >"$UNITS/broken.c"
    unit_stage "$UNITS/broken" gcc "$UNITS/broken.c"
    run -3 "$ROOT/tools/detectors/holdone" --unit "$UNITS/broken" --
    [[ $(summary .status) == broken ]]
}
