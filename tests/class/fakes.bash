# shellcheck shell=bash
# A class in a fake repository, with a judge that answers at once: for tests
# of what grade does with submissions and answers. Loaded after helper.

# A program says in itself what becomes of it: WRONG, UNSURE, BROKEN, LOST.
class_fakes() {
    fake_root
    # Built on demand, and the fake has nothing to build it from.
    flock "$ROOT/build/tools.lock" make -s -C "$ROOT" build/bin/rl-intake 3>&-
    cp -r "$ROOT/tools/grade" "$FAKE/tools/"
    cat >"$FAKE/tools/cmd/check" <<'SCRIPT'
#!/usr/bin/env bash
lab=$1 file=$(find "$3" -name '*.c' | sort | head -n1)
sha256sum <"$file" >>"$RL_ROOT/asked"
verdict=pass points=8 failed=null kind=null reason=null finding='[]'
case $(<"$file") in
*LOST*) echo "it fell over" >&2; exit 70 ;;
*WRONG*)
    verdict=fail points=5 failed='"tsan"' kind='"data-race"'
    reason='"tsan: two threads meet"'
    finding='[{"kind": "data-race", "severity": "error", "detector": "tsan",
        "title": "Data race", "short": "Two meet.", "ask": "Which lock?",
        "message": "two meet at <script>alert(1)</script> \u001b[31m",
        "missing": null, "threads": [{"id": 1, "op": "write", "role": "w",
        "file": "counter.c", "line": 9, "text": "x = \"<img>\";"}]}]'
    ;;
*UNSURE*) verdict=unsure reason='"tsan: the tools disagree"' ;;
*BROKEN*) verdict=broken points=null reason='"tsan: no memory"' ;;
esac
[[ $verdict == pass ]] || stage=$verdict
jq -n --arg lab "$lab" --arg verdict "$verdict" --arg stage "${stage:-pass}" \
    --argjson points "$points" --argjson failed "$failed" \
    --argjson kind "$kind" --argjson reason "$reason" \
    --argjson finding "$finding" '{sandbox: "limits", results: [{lab: $lab,
    title: "A", file: "x", compiler: "gcc", verdict: $verdict,
    failed: $failed, kind: $kind, reason: $reason, points: $points, max: 8,
    exit: 0, stages: [{name: "tsan", verdict: $stage, basis: "b",
        reason: ($reason // ""), points: ($points // 0), max: 8,
        findings: $finding}]}]}'
SCRIPT
    # An explorer that finds one interleaving.
    cat >"$FAKE/tools/cmd/explore" <<'SCRIPT'
#!/usr/bin/env bash
if [[ $* == *--replay* ]]; then
    echo '{"title": "a <b> race", "threads": [{"id": 0, "name": "main"}],
        "steps": [{"n": 1, "thread": 0, "text": "reads <x>", "file": "c.c",
        "line": 9, "source": "</svg><script>", "switch": null}]}'
else
    echo '{"findings": [{"severity": "error", "replay": "x1-00000000-1"}]}'
fi
SCRIPT
    cd "$FAKE" || return
}

# program FILE [WORD]: a student's counter.c.
program() {
    mkdir -p "$(dirname -- "$1")"
    {
        printf '/* %s */\n' "${2:-right}"
        cat labs/21-small-counter/counter.c
    } >"$1"
}

# Ann is right, Bob wrong, Cem copied from Bob, Dora unsure.
small_class() {
    program class/ann/counter.c
    program class/bob/21-small-counter/counter.c WRONG
    program class/cem/counter.c WRONG
    program class/dora/counter.c UNSURE
}

grade() {
    run --separate-stderr limited tools/racelab grade SUBMISSIONS="${FROM:-class}" \
        OUT=out -j 1 "$@"
}

# row STUDENT COLUMN: a field of grades.csv, for fields without commas.
row() {
    sed -n "s/\r$//; /^$1,/p" out/grades.csv | cut -d, -f"$2"
}
