#!/usr/bin/env bats
# The sentences that a failed program's author reads beside the finding.

setup() {
    load helper
    PAGES=$BATS_TEST_TMPDIR/pages
    jq -n -R -f "$ROOT/tools/lib/pages.jq" "$ROOT"/tools/explain/*.md >"$PAGES"
}

# told FINDING CODE: a finding as its author sees it, of a program of CODE.
told() {
    jq -n --arg code "$2" '{"a.c": ($code | split("\n"))}' \
        >"$BATS_TEST_TMPDIR/sources"
    jq -s --slurpfile pages "$PAGES" \
        --slurpfile sources "$BATS_TEST_TMPDIR/sources" \
        -f "$ROOT/tools/lib/enrich.jq" <<<"$1" | jq -r '.[0] | .short, .ask'
}

finding() {
    jq -nc --arg kind "$1" --arg detector "${2:-holdone}" '{type: "finding",
        kind: $kind, detector: $detector, severity: "error",
        message: "m", variable: "n", threads: []}'
}

@test "a word in the program brings what its page says of it" {
    [[ $(told "$(finding data-race)" 'volatile int n;') == \
        *'volatile is no cure'* ]]
    [[ $(told "$(finding data-race)" 'int n;') != *'volatile'* ]]
}

@test "a word in a comment, or inside another word, brings nothing" {
    [[ $(told "$(finding data-race)" $'// volatile\n/* volatile\n*/ int n;') \
        != *'volatile is'* ]]
    [[ $(told "$(finding data-race)" 'int volatile_n;') != *'volatile is'* ]]
}

@test "a wait below an if is told from a wait in a loop" {
    [[ $(told "$(finding hang)" $'if (n < 1)\n pthread_cond_wait(&c, &m);') == \
        *'with while and not with if'* ]]
    [[ $(told "$(finding hang)" $'if (n < (1)) {\n check(pthread_cond_wait(' ) \
        == *'with while and not with if'* ]]
    [[ $(told "$(finding hang)" $'while (n) {\n pthread_cond_wait(&c, &m); }') \
        != *'with while'* ]]
    [[ $(told "$(finding hang)" \
        'while (n) { if (x) break; pthread_cond_wait(&c, &m); }') \
        != *'with while'* ]]
}

@test "two sentences at most" {
    run told "$(finding data-race)" \
        'volatile int n; sleep(1); pthread_mutex_trylock(&m); rdlock();'
    [[ $output == *'volatile is'*'A sleep orders'* ]]
    [[ $output != *'A trylock can fail'* ]]
}

@test "where main is one of the two, the question is about waiting" {
    local race
    race=$(finding data-race | jq -c '.threads = [
        {id: 0, op: "read", locks: []}, {id: 1, op: "write", locks: []}]')
    [[ $(told "$race" 'int n;') == *'What makes main wait'*'`n`'* ]]
    race=$(jq -c '.threads[0].id = 2' <<<"$race")
    [[ $(told "$race" 'int n;') == *'Which lock do all threads hold'* ]]
    race=$(jq -c '.threads[0].id = 0 | .threads[0].locks = ["m"]' <<<"$race")
    [[ $(told "$race" 'int n;') == *'Which lock do all threads hold'* ]]
}

@test "output that is wrong in the usual order is no question of luck" {
    [[ $(told "$(finding wrong-output output)" 'int n;') == \
        *'Follow these arguments'* ]]
    [[ $(told "$(finding wrong-output holdone)" 'int n;') == \
        *'What was true when the thread looked'* ]]
}

@test "who hangs on a lock that somebody kept is asked for the way out" {
    local hang
    hang=$(finding hang | jq -c '.message = "thread 2 waits for m for ever: " +
        "thread 1 locked it at a.c:1 and never unlocked it"')
    [[ $(told "$hang" 'int n;') == *'way out of the function'* ]]
    [[ $(told "$(finding hang)" 'int n;') == *'supposed to wake'* ]]
}

@test "every bullet of every page is read, with its words" {
    local page bullets
    for page in "$ROOT"/tools/explain/*.md; do
        bullets=$(sed -n '/^## What is often tried/,/^## What each/p' "$page" |
            grep -c '^- `' || true)
        [[ $(jq --arg kind "$(basename "$page" .md)" \
            '.[$kind].tried | map(select(.words != [] and .text != "")) |
            length' "$PAGES") == "$bullets" ]] || fail_with "$page: $bullets"
    done
}

@test "output by heart is called so" {
    fake_root
    fake_tools
    cat >"$FAKE/build/bin/rl-explore" <<'SCRIPT'
#!/usr/bin/env bash
[[ $* == *--facts* ]] && echo '{"max_alive": 9}' && exit
if [[ $* == *"-- 2 3" ]]; then
    echo '{"type":"summary","detector":"output","status":"clean","runs":1,"basis":"-"}'
    exit
fi
echo '{"type":"finding","kind":"wrong-output","severity":"error","detector":"output","message":"wrong","threads":[],"expected":"total 99","got":"total 6"}'
echo '{"type":"summary","detector":"output","status":"found","runs":1,"basis":"-"}'
exit 1
SCRIPT
    run limited "$FAKE/tools/racelab" check 21 --format json
    [[ $output == *'That is the output for 2 3'*'not by heart'* ]]
    sed -i 's/total 6/total 7/' "$FAKE/build/bin/rl-explore"
    run limited "$FAKE/tools/racelab" check 21 --format json --fresh
    [[ $output == *wrong-output* && $output != *'by heart'* ]]
}
