# The dispatcher and what all commands share: names, help, settings, errors.

load helper

setup() {
    fake_root
    cd "$FAKE"
}

@test "without a command the labs are listed" {
    run -0 tools/racelab
    [[ $output == *"0 of 1 labs done"*"> 21-small-counter"* ]]
}

@test "every command has a purpose, a usage line and --help" {
    for file in "$ROOT"/tools/cmd/*; do
        name=${file##*/}
        run -0 tools/racelab "$name" --help
        [[ ${#lines[0]} -gt 10 && ${lines[1]} == "usage: racelab "* ]]
        grep -qE '^# for: (student|grading|workshop)$' "$file"
    done
}

@test "--help shows every command and every detector" {
    fake_detector tsan 50 true <<<'exit 3'
    run -0 tools/racelab --help
    for file in "$ROOT"/tools/cmd/*; do
        [[ $output == *"  ${file##*/} "* ]]
    done
    [[ $output == *"  tsan "*"A fake."* ]]
}

@test "nothing that --help prints is wider than 80 columns" {
    run -0 "$RACELAB" --help
    for line in "${lines[@]}"; do
        ((${#line} <= 80)) || fail_with "$line"
    done
}

@test "a mistyped command gets a suggestion and exit code 2" {
    run -2 tools/racelab chekc
    [[ $output == "racelab: no command 'chekc'; did you mean check?"* ]]
}

@test "a word that resembles nothing gets no suggestion" {
    run -2 tools/racelab xyzzyxyzzy
    [[ $output != *"did you mean"* ]]
}

@test "a lab is its number, its name or both" {
    for word in 21 small-counter 21-small-counter labs/21-small-counter/; do
        run -0 tools/racelab hint "$word" --again
        [[ $output == "21-small-counter, hint 1 of 2: Look"* ]]
    done
}

@test "a lab that is not there is named, with the nearest one" {
    run -2 tools/racelab hint small-countr
    [[ $output == *"no lab 'small-countr'; did you mean small-counter?"* ]]
}

@test "without LAB the first lab not done is taken, and said" {
    run -0 --separate-stderr tools/racelab hint
    [[ $stderr == "LAB=21: 21-small-counter, the first lab that is not done" ]]
    [[ $output == "21-small-counter, hint 1"* ]]
}

@test "NAME=value works as with make" {
    run -0 tools/racelab hint LAB=21
    [[ $output == "21-small-counter, hint 1"* ]]
}

@test "what a user gives make is never expanded or run" {
    run make --no-print-directory hint LAB='$(shell touch one)`touch two`;touch three'
    [[ $status -eq 2 && $output == *"no lab '"* ]]
    [[ ! -e one && ! -e two && ! -e three ]]
}

@test "make hands on a value letter by letter" {
    run make --no-print-directory hint LAB='a b$$c"'\''d'
    [[ $output == *"no lab 'a b\$\$c\"'d'"* ]]
}

@test "an interactive target ends well after findings, check does not" {
    finding_line data-race tsan >found
    summary_line tsan found >>found
    fake_detector tsan 50 true <<<"cat '$FAKE/found'; exit 1"
    run -0 make --no-print-directory tsan LAB=21
    [[ $output == *"Data race (tsan)"* ]]
    run -2 make --no-print-directory tsan LAB=99
}

@test "make help prints every documented target" {
    run -0 make --no-print-directory help
    for target in run check hint diff reset watch explain demo matrix doctor \
        setup test soak lint clean; do
        [[ $output == *"  $target "* ]]
    done
}

@test "every target of the Makefile is phony" {
    phony=$(sed -n 's/^\.PHONY: //p' "$ROOT/Makefile" | tr ' ' '\n')
    while read -r target; do
        grep -qx "$target" <<<"$phony" || fail_with "$target is not phony"
    done < <(sed -n 's/^\([a-z]*\):.*/\1/p' "$ROOT/Makefile")
}

@test "the tools are built in silence, or one line says why not" {
    unset RL_READY
    printf '.PHONY: tools\ntools:\n\t@echo "x.c:1:1: error: no such thing" >&2; exit 1\n' \
        >Makefile
    run -3 tools/racelab run 21
    [[ ${lines[0]} == *"do not build here"* ]]
    [[ $output == *"x.c:1:1: error: no such thing"* ]]
}

@test "there is no colour where there is no terminal" {
    unset NO_COLOR
    run -0 tools/racelab
    [[ $output != *$'\033'* ]]
}

@test "colour on a terminal, and none with NO_COLOR" {
    command -v script >/dev/null || skip "script is not installed"
    unset NO_COLOR
    TERM=xterm run -0 script -qec 'tools/racelab list' /dev/null
    [[ $output == *$'\033[1m'* ]]
    NO_COLOR=1 TERM=xterm run -0 script -qec 'tools/racelab list' /dev/null
    [[ $output != *$'\033[1m'* ]]
}

@test "everything works from a folder with a space and another directory" {
    mv "$FAKE" "$BATS_TEST_TMPDIR/with a space"
    cd /
    run -0 "$BATS_TEST_TMPDIR/with a space/tools/racelab" hint 21
    [[ $output == "21-small-counter, hint 1"* ]]
}
