#!/usr/bin/env bats
# What the pages show is what the commands print: each block that begins with
# "$ make ..." is run again, and compared.

load helper

# blocks PAGE DIR: each console block as DIR/N, the command in its first line.
blocks() {
    awk -v dir="$2" '
        /^```console$/ { inside = 1; n++; next }
        /^```$/ { inside = 0 }
        inside { print >(dir "/" n) }' "$1"
}

@test "every transcript of the README is what the command prints" {
    local block command
    mkdir "$BATS_TEST_TMPDIR/blocks"
    blocks "$ROOT/README.md" "$BATS_TEST_TMPDIR/blocks"
    [[ -s $BATS_TEST_TMPDIR/blocks/1 ]]
    for block in "$BATS_TEST_TMPDIR/blocks"/*; do
        IFS= read -r command <"$block"
        [[ $command =~ ^\$\ make\ ([a-z]+)\ LAB=([0-9]+)$ ]] ||
            fail_with "not a command that can be compared: $command"
        limited "$RACELAB" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" \
            --submission "$ROOT/tests/submissions/$(cd "$ROOT/labs" &&
                echo "${BASH_REMATCH[2]}"-*)/shipped.c" \
            >"$BATS_TEST_TMPDIR/said" 2>/dev/null || true
        diff <(tail -n +2 "$block") "$BATS_TEST_TMPDIR/said"
    done
}
