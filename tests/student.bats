# hint, diff, reset, explain, watch, list: what a student does with a lab.

load helper

setup() {
    fake_root
    fake_tools
    fake_answer tsan 50 clean
    cd "$FAKE"
    file=labs/21-small-counter/counter.c
}

@test "each call gives the next hint, and the last is said to be the last" {
    run -0 tools/racelab hint 21
    [[ ${lines[0]} == "21-small-counter, hint 1 of 2: Look" ]]
    [[ ${lines[1]} == "Look at it." ]]
    run -0 tools/racelab hint 21
    [[ ${lines[0]} == *"hint 2 of 2: Lock" ]]
    run -0 tools/racelab hint 21
    [[ $output == *"all 2 hints"* ]]
    run -0 tools/racelab hint 21 --all
    [[ $output == *"hint 1 of 2"*"hint 2 of 2"* ]]
}

@test "the solution is not shown before a pass, unless it is asked for" {
    run -1 tools/racelab diff 21
    [[ $output != *EXIT_SUCCESS* ]]
    run -1 tools/racelab diff 21 --spoil
    [[ $output == *"+    return EXIT_SUCCESS;"* ]]
    run -1 tools/racelab diff 21 WORD=spoil
    [[ $output == *"+    return EXIT_SUCCESS;"* ]]
    run -2 tools/racelab diff 21 WORD=please
}

@test "after a pass it is shown, and no more after the next change" {
    tools/racelab check 21
    run -1 tools/racelab diff 21
    [[ $output == *"+    return EXIT_SUCCESS;"* ]]
    echo '// changed' >>"$file"
    run -1 tools/racelab diff 21
    [[ $output != *EXIT_SUCCESS* ]]
}

@test "the solution itself shows no difference" {
    cp solutions/21-small-counter/counter.c "$file"
    run -0 tools/racelab diff 21 --spoil
    [[ $output == "No difference." ]]
}

@test "reset saves the work, with a number, and prints its place" {
    echo '// mine' >>"$file"
    echo 'int x;' >labs/21-small-counter/extra.c
    run -0 tools/racelab reset 21
    [[ ${lines[0]} == "Your work is saved in build/saved/21-small-counter.1/" ]]
    cmp "$file" tests/submissions/21-small-counter/shipped.c
    [[ ! -e labs/21-small-counter/extra.c ]]
    grep -q mine build/saved/21-small-counter.1/counter.c
    [[ -f build/saved/21-small-counter.1/extra.c ]]
    echo '// again' >>"$file"
    run -0 tools/racelab reset 21
    [[ $output == *"build/saved/21-small-counter.2/"* ]]
    grep -q mine build/saved/21-small-counter.1/counter.c
}

@test "reset of an unchanged lab does nothing" {
    run -0 tools/racelab reset 21
    [[ $output == *"nothing to do"* && ! -e build/saved ]]
}

@test "reset brings back a file that was deleted" {
    rm "$file"
    run -0 tools/racelab reset 21
    cmp "$file" tests/submissions/21-small-counter/shipped.c
}

@test "clean keeps saved work and what was done" {
    rm build/bin/* build/lib
    tools/racelab check 21 || true
    echo '// mine' >>"$file"
    tools/racelab reset 21
    run -0 tools/racelab clean
    [[ -f build/saved/21-small-counter.1/counter.c && ! -e build/units ]]
}

@test "the list shows done, to do, changed and what next" {
    fake_lab 11-first first.c
    fake_lab 12-second second.c
    tools/racelab check 11
    echo '// mine' >>labs/12-second/second.c
    run -0 tools/racelab list
    [[ $output == *"1 of 3 labs done"* ]]
    [[ $output == *"  11-first                    done, 8/8 points"* ]]
    [[ $output == *"> 12-second                   changed, not checked yet"* ]]
    [[ $output == *"  21-small-counter            to do"* ]]
    [[ $output == *"Next: 12-second"*"make check LAB=12"* ]]
}

@test "when all is done the list says so" {
    tools/racelab check
    run -0 tools/racelab list
    [[ $output == *"1 of 1 labs done"*"All done."* ]]
}

@test "explain lists the kinds, each with its page" {
    run -0 tools/racelab explain
    listed=$output
    for kind in $(jq -r '.definitions.finding.properties.kind.enum[]' \
        tools/finding.schema.json); do
        [[ $listed == *"  $kind "* ]]
        run -0 tools/racelab explain "$kind"
        [[ ${lines[0]} == "# "* && $output == *"## How it looks in C"* ]]
        [[ $output == *"## How a fix looks"* ]]
        [[ $output == *"## What each tool sees"*"## A question"*"?" ]]
        [[ $output != *"{variable"* ]]
    done
    run -0 tools/racelab explain KIND=data-race
    run -2 tools/racelab explain data-rase
    [[ $output == *"did you mean data-race?"* ]]
}

@test "watch checks at each save and ends with q" {
    mkfifo keys
    tools/racelab watch 21 <keys >seen 2>&1 3>&- &
    watcher=$!
    exec 7>keys
    checks_seen 1
    echo '// a change' >>"$file"
    checks_seen 2
    printf q >&7
    wait "$watcher"
    exec 7>&-
}

@test "watch ends when nobody can type" {
    run -0 limited tools/racelab watch 21 </dev/null
    [[ $output == *"pass: 8 of 8 points."* ]]
}

# Wait until `watch` has checked N times.
checks_seen() {
    local try
    [[ -p tick ]] || mkfifo tick
    exec 8<>tick
    for ((try = 0; try < 600; try++)); do
        if (($(grep -c '^Watching' seen) >= $1)); then
            return 0
        fi
        read -r -t 0.2 -u 8 || true
    done
    cat seen
    return 1
}
