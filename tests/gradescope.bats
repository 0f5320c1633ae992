# The autograder's zip, and its run as Gradescope makes it: in a file system
# of its own where the zip is /autograder/source.

load helper

# What setup.sh would build is here already, newer than the zip's files.
setup_file() {
    export KEPT=$BATS_FILE_TMPDIR
    "$RACELAB" gradescope 21 --out "$KEPT/a.zip" 2>"$KEPT/said" 3>&-
    mkdir -p "$KEPT/source"
    unzip -q "$KEPT/a.zip" -d "$KEPT/source"
    mkdir "$KEPT/source/racelab/build"
    cp -r "$ROOT"/build/{bin,lib,obj} "$KEPT/source/racelab/build"
}

# inside COMMAND...: in Gradescope's places; the submission is $1 there.
inside() {
    local here=$BATS_TEST_TMPDIR/autograder
    command -v bwrap >/dev/null || skip "no bubblewrap here"
    bwrap --ro-bind / / --dev /dev --proc /proc --tmpfs /tmp true 2>/dev/null ||
        skip "no user namespaces here"
    mkdir -p "$here"/{source,results,submission}
    cp "$KEPT/source/run_autograder" "$here/"
    # `/` is made of links and binds, so that there is room for /autograder.
    limited bwrap --ro-bind /usr /usr --ro-bind /etc /etc \
        --symlink usr/bin /bin --symlink usr/sbin /sbin \
        --symlink usr/lib /lib --symlink usr/lib64 /lib64 \
        --dev /dev --proc /proc --tmpfs /tmp --dir /var/tmp \
        --bind "$here" /autograder --bind "$KEPT/source" /autograder/source \
        --clearenv --setenv PATH /usr/bin:/bin:/usr/sbin:/sbin \
        --chdir /autograder "$@"
}

results_ok() {
    python3 -c 'import json, jsonschema, sys
jsonschema.validate(*[json.load(open(name)) for name in sys.argv[1:]])' \
        "$BATS_TEST_TMPDIR/autograder/results/results.json" \
        "$ROOT/tests/schemas/gradescope.schema.json"
}

result() {
    jq -r "$1" "$BATS_TEST_TMPDIR/autograder/results/results.json"
}

@test "the zip has setup.sh and run_autograder at its root, and no solution" {
    diff <(unzip -Z1 "$KEPT/a.zip" | grep -v /) \
        <(printf '%s\n' lab run_autograder setup.sh)
    [[ -x $KEPT/source/setup.sh && -x $KEPT/source/run_autograder ]]
    run -1 grep -E 'solutions|^racelab/tests' <(unzip -Z1 "$KEPT/a.zip")
    [[ $(cat "$KEPT/source/lab") == 21-unlocked-counter ]]
}

@test "the zip is the same twice, with another umask and time" {
    (umask 077 && TZ=Asia/Tokyo "$RACELAB" gradescope 21 \
        --out "$BATS_TEST_TMPDIR/b.zip" 3>&-)
    cmp "$KEPT/a.zip" "$BATS_TEST_TMPDIR/b.zip"
}

@test "the zip holds the lab as shipped, whatever was done to labs/" {
    cmp "$KEPT/source/racelab/labs/21-unlocked-counter/hits.c" \
        "$ROOT/tests/submissions/21-unlocked-counter/shipped.c"
}

@test "soak: setup.sh is content where all is installed and built" {
    [[ -n ${RL_SOAK:-} ]] || skip "long; make soak runs it"
    run -0 inside /autograder/source/setup.sh
    grep -qi tsan <<<"$output"
}

@test "a wrong submission gets its points and is told why" {
    mkdir -p "$BATS_TEST_TMPDIR/autograder/submission/my work"
    cp "$ROOT/tests/submissions/21-unlocked-counter/shipped.c" \
        "$BATS_TEST_TMPDIR/autograder/submission/my work/hits.c"
    run -0 inside ./run_autograder
    results_ok
    [[ $(result '.score < 10 and .score > 0') == true ]]
    [[ $(result '.output') == "21-unlocked-counter: fail, "*race* ]]
    [[ $(result '[.tests[].score] | add') == "$(result .score)" ]]
}

@test "no file of the lab: no points, and its name" {
    mkdir -p "$BATS_TEST_TMPDIR/autograder/submission"
    echo 'int main(void) { return 0; }' \
        >"$BATS_TEST_TMPDIR/autograder/submission/other.c"
    run -0 inside ./run_autograder
    results_ok
    [[ $(result .score) == 0 && $(result .output) == *hits.c* ]]
}

# with_answer <SCRIPT: the tools replaced by one answer.
with_answer() {
    {
        echo '#!/usr/bin/env bash'
        cat
    } >"$BATS_TEST_TMPDIR/racelab"
    chmod +x "$BATS_TEST_TMPDIR/racelab"
    mkdir -p "$BATS_TEST_TMPDIR/autograder/submission"
    run inside --ro-bind "$BATS_TEST_TMPDIR/racelab" \
        /autograder/source/racelab/tools/racelab ./run_autograder
}

@test "a tool that does not work twice gives no result, and so no zero" {
    with_answer <<'END'
echo x >>/autograder/results/asked
echo '{"score": 0}' >/autograder/results/results.json.new
exit 3
END
    ((status == 1))
    [[ $output == *"autograder's fault"* ]]
    [[ $(wc -l <"$BATS_TEST_TMPDIR/autograder/results/asked") == 2 ]]
    [[ ! -e $BATS_TEST_TMPDIR/autograder/results/results.json ]]
}

@test "a tool that works the second time gives a result" {
    with_answer <<'END'
if [[ ! -e /autograder/results/asked ]]; then
    touch /autograder/results/asked
    exit 70
fi
echo '{"score": 7, "tests": []}' >/autograder/results/results.json.new
exit 1
END
    ((status == 0))
    [[ $(result .score) == 7 ]]
}

@test "soak: Valgrind without its tools is no zero either" {
    [[ -n ${RL_SOAK:-} ]] || skip "long; make soak runs it"
    mkdir -p "$BATS_TEST_TMPDIR/autograder/submission"
    cp "$ROOT/solutions/21-unlocked-counter/hits.c" \
        "$BATS_TEST_TMPDIR/autograder/submission"
    run -1 inside --tmpfs /usr/libexec/valgrind ./run_autograder
    [[ ! -e $BATS_TEST_TMPDIR/autograder/results/results.json ]]
}
