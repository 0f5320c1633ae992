#!/usr/bin/env bats
# labs/README.md: it names every lab, and its Python programs do what it says.

load helper

@test "every lab is in the course, and nothing else" {
    diff <(sed -n 's/^| \[\([0-9]*-[a-z-]*\)\](\(.*\)\/README.md).*/\1 \2/p' \
        "$ROOT/labs/README.md") \
        <(cd "$ROOT/labs" && printf '%s\n' [0-9]*/ | sed 's,\(.*\)/,\1 \1,')
}

@test "each Python program prints what stands beside its last line" {
    local program said
    mkdir "$BATS_TEST_TMPDIR/python"
    awk -v dir="$BATS_TEST_TMPDIR/python" '
        /^```python$/ { inside = 1; n++; next }
        /^```$/ { inside = 0 }
        inside { print >(dir "/" n ".py") }' "$ROOT/labs/README.md"
    [[ $(find "$BATS_TEST_TMPDIR/python" -name '*.py' | wc -l) == 3 ]]
    for program in "$BATS_TEST_TMPDIR"/python/*.py; do
        said=$(sed -n '$s/.*# //p' "$program")
        [[ -n $said ]]
        run -0 limited python3 "$program"
        [[ $output == "${said%%,*}" ]] ||
            fail_with "$program prints $output, the page says $said"
    done
}
