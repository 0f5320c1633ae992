#!/usr/bin/env bats
# The page of an interleaving: its structure, and with RL_WEB=1 (make
# test-web) what it does in Chromium, driven by chromedriver.

bats_require_minimum_version 1.5.0
load helper

draw() {
    timeout -k 1 10 "$ROOT/build/bin/rl-draw" --format html
}

# Two threads, two locks, taken crosswise; names that try to be markup.
story='{"title": "deadlock </title><script>owned = 1</script>",
 "threads": [{"id": 0, "name": "main"},
  {"id": 1, "name": "</script><script>owned = 2</script>"},
  {"id": 2, "name": "right"}],
 "sources": {"p.c": ["int main(void)", "{", "    lock(&a);", "    lock(&b);",
  "    puts(\"</script><img src=x onerror=owned=3>\");", "}"]},
 "steps": [
  {"n": 1, "thread": 0, "op": "create", "text": "creates thread 1",
   "child": 1, "switch": null, "file": "/d/p.c", "line": 2, "source": "{"},
  {"n": 2, "thread": 0, "op": "create", "text": "creates thread 2",
   "child": 2, "switch": null, "file": "/d/p.c", "line": 2, "source": "{",
   "waits": [{"thread": 0, "object": "thread 1", "line": 6, "file": "p.c",
    "holder": 1, "join": true}]},
  {"n": 3, "thread": 1, "op": "lock", "text": "locks a", "file": "/d/p.c",
   "line": 3, "source": "lock(&a);", "switch": "main waits for thread 1",
   "finding": true, "locks": [{"object": "a", "thread": 1, "line": 3}],
   "waits": [{"thread": 0, "object": "thread 1", "line": 6, "file": "p.c",
    "holder": 1, "join": true}]},
  {"n": 4, "thread": 1, "op": "write", "text": "writes <b>n</b> = 7",
   "file": "/d/p.c", "line": 4, "source": "lock(&b);", "switch": null,
   "variable": "<b>n</b>", "value": "7",
   "locks": [{"object": "a", "thread": 1, "line": 3}], "waits": []},
  {"n": 5, "thread": 2, "op": "lock", "text": "locks b", "file": "/d/p.c",
   "line": 4, "source": "lock(&b);", "switch": "thread 1 is held up",
   "finding": true, "locks": [{"object": "a", "thread": 1, "line": 3},
    {"object": "b", "thread": 2, "line": 4}],
   "waits": [{"thread": 0, "object": "thread 1", "line": 6, "file": "p.c",
    "holder": 1, "join": true},
    {"thread": 1, "object": "b", "line": 4, "file": "p.c", "holder": 2},
    {"thread": 2, "object": "a", "line": 3, "file": "p.c", "holder": 1}]}],
 "end": {"message": "Nobody can go on & <that> is it.", "waits": [
  {"thread": 0, "object": "thread 1", "line": 6, "holder": 1, "join": true},
  {"thread": 1, "object": "b", "line": 4, "holder": 2},
  {"thread": 2, "object": "a", "line": 3, "holder": 1}]}}'

setup_file() {
    # They share one browser.
    export BATS_NO_PARALLELIZE_WITHIN_FILE=true
    draw <<<"$story" >"$BATS_FILE_TMPDIR/page.html"
    [[ -z ${RL_WEB:-} ]] || browser_start
}

teardown_file() {
    [[ -z ${RL_WEB:-} ]] || browser_end
}

page() {
    printf '%s/page.html' "$BATS_FILE_TMPDIR"
}

# The start tags, without what is inside of the script and style elements.
tags() {
    sed 's/<script>.*//; /<script type/q' "$(page)" |
        grep -oE '<[a-zA-Z][a-zA-Z0-9]*' | sort | uniq -c
}

@test "the page has a row for each step, and the sources" {
    run -0 grep -c '<tr id="row-' "$(page)"
    [ "$output" -eq 5 ]
    run -0 grep -c '<span class="line">' "$(page)"
    [ "$output" -eq 6 ]
    grep -qF '<td>writes &lt;b&gt;n&lt;/b&gt; = 7</td>' "$(page)"
    grep -qF 'main waits for thread 1</td>' "$(page)"
}

@test "nothing of a program becomes markup in the page" {
    run -0 tags
    [[ $output != *'<img'* && $output != *'<b'[^ou]* ]]
    run -0 grep -o '<script[^>]*>' "$(page)"
    [ "${#lines[@]}" -eq 2 ]
    run -1 grep -E 'owned = [12]</script>|<img' "$(page)"
    grep -qF '&lt;/script&gt;&lt;img src=x onerror=owned=3&gt;' "$(page)"
}

@test "the data in the page is the story, and holds no <, > or &" {
    sed -n 's/.*<script type="application\/json" id="story">\(.*\)<\/script>$/\1/p' \
        "$(page)" >"$BATS_TEST_TMPDIR/data"
    run -1 grep '[<>&]' "$BATS_TEST_TMPDIR/data"
    diff <(jq -S 'del(.sources)' <<<"$story") <(jq -S . "$BATS_TEST_TMPDIR/data")
}

# The policy names the hash of exactly what stands in the page.
hash_of() {
    local sum
    sum=$(sha256sum <"$1" | cut -c1-64 | sed 's/../\\x&/g')
    # shellcheck disable=SC2059 # the sum as bytes
    printf "$sum" | base64
}

@test "the page's policy lets its own script and style run and no other" {
    run -0 grep -o "default-src 'none'[^\"]*" "$(page)"
    [[ $output == *"script-src 'sha256-$(hash_of "$ROOT/tools/draw/page.js")'"* ]]
    [[ $output == *"style-src 'sha256-$(hash_of "$ROOT/tools/draw/page.css")'"* ]]
    [[ $output != *unsafe* ]]
    run -1 grep -iE '(src|href)="?(https?:)?//' "$(page)"
}

@test "a replay of a lab is written as a page, with its whole source" {
    [[ -n ${RL_WEB:-} ]] || skip "with make test-web: it explores a lab"
    local out="$BATS_TEST_TMPDIR/a page.html"
    limited "$RACELAB" replay LAB=24 FORMAT=html OUT="$out" \
        --submission "$ROOT/labs/24-lock-order/transfer.c" || true
    run -0 grep -c '<span class="line">' "$out"
    [ "$output" -eq "$(wc -l <"$ROOT/labs/24-lock-order/transfer.c")" ]
}

in_browser() {
    [[ -n ${RL_WEB:-} ]] || skip "with make test-web"
    open_page "$(page)"
}

browser_start() {
    local try port='' answer
    local -a arguments=(--headless=new --no-sandbox --disable-gpu
        --disable-dev-shm-usage '--window-size=1200,1000')
    [[ -n $(type -p chromedriver) && -n $(type -p chromium) ]] ||
        fail_with "make test-web needs chromium and chromium-driver"
    # 3: what a test starts must not keep Bats waiting.
    chromedriver --port=0 >"$BATS_FILE_TMPDIR/driver.log" 2>&1 3>&- &
    echo "$!" >"$BATS_FILE_TMPDIR/driver.pid"
    for ((try = 0; try < 100; try++)); do
        port=$(sed -n 's/.*successfully on port \([0-9]*\).*/\1/p' \
            "$BATS_FILE_TMPDIR/driver.log")
        [[ -z $port ]] || break
        read -rt 0.1 <> <(:) || true
    done
    [[ -n $port ]] || fail_with "$(cat "$BATS_FILE_TMPDIR/driver.log")"
    echo "http://127.0.0.1:$port/session" >"$BATS_FILE_TMPDIR/session"
    answer=$(wd '' "$(jq -nc '{capabilities: {alwaysMatch:
        {"goog:chromeOptions": {args: $ARGS.positional},
         "goog:loggingPrefs": {browser: "ALL"}}}}' \
        --args -- "${arguments[@]}")")
    echo "http://127.0.0.1:$port/session/$(jq -r .value.sessionId \
        <<<"$answer")" >"$BATS_FILE_TMPDIR/session"
}

browser_end() {
    curl -s -m 20 --noproxy '*' -X DELETE \
        "$(cat "$BATS_FILE_TMPDIR/session")" >/dev/null || true
    kill "$(cat "$BATS_FILE_TMPDIR/driver.pid")" 2>/dev/null || true
}

# wd PATH JSON: a command of WebDriver; its answer. Fails on an error.
wd() {
    curl -s -m 60 --noproxy '*' -H 'Content-Type: application/json' \
        -d "$2" "$(cat "$BATS_FILE_TMPDIR/session")$1" |
        jq -c 'if (.value | type == "object" and has("error"))
            then error(.value.message) else . end'
}

open_page() {
    wd /url "$(jq -nc --arg url "file://$1" '{url: "about:blank"}')" >/dev/null
    wd /url "$(jq -nc --arg path "$1" \
        '{url: ("file://" + ($path | split("/") | map(@uri) | join("/")))}')" \
        >/dev/null
}

# js EXPRESSION: its value in the page, as text.
js() {
    wd /execute/sync "$(jq -nc --arg code "return ($1)" \
        '{script: $code, args: []}')" | jq -r .value
}

# devtools COMMAND PARAMETERS: chromedriver passes it on to Chromium.
devtools() {
    wd /goog/cdp/execute "$(jq -nc --arg cmd "$1" --argjson params "$2" \
        '{cmd: $cmd, params: $params}')"
}

# press KEY...: keys go to whatever has the focus.
press() {
    local key code
    for key; do
        case $key in
        Left) code='\uE012' ;;
        Right) code='\uE014' ;;
        Home) code='\uE011' ;;
        End) code='\uE010' ;;
        Tab) code='\uE004' ;;
        Enter) code='\uE007' ;;
        esac
        wd /actions "{\"actions\": [{\"type\": \"key\", \"id\": \"k\",
            \"actions\": [{\"type\": \"keyDown\", \"value\": \"$code\"},
            {\"type\": \"keyUp\", \"value\": \"$code\"}]}]}" >/dev/null
    done
}

now() {
    js 'document.getElementById("now").innerText.replace(/\s+/g, " ").trim()'
}

# rows ID: the cells of a panel, a row a line.
rows() {
    js "Array.from(document.querySelectorAll('#$1 tbody tr'),
        (r) => Array.from(r.cells, (c) => c.innerText).join('|')).join('\\n')"
}

# Which lines of the source are marked, and how.
marks() {
    js 'Array.from(document.querySelectorAll(".line"))
        .map((l, i) => [i + 1, l.querySelector(".who").textContent])
        .filter((m) => m[1]).map((m) => m.join(" ")).join(", ")'
}

@test "arrow keys, Home and End go through the steps" {
    in_browser
    [[ $(now) == "Step 1 of 5: main creates thread 1."* ]]
    press Right Right
    [[ $(now) == "Step 3 of 5: 1 "*"locks a. part of the bug"* ]]
    press Left
    [[ $(now) == "Step 2 of 5: main creates thread 2."* ]]
    press End
    [[ $(now) == "Step 5 of 5: 2 right locks b."* ]]
    press Right
    [[ $(now) == "Step 5 of 5: "* ]]
    press Home Left
    [[ $(now) == "Step 1 of 5: "* ]]
}

@test "each step says why control came there, aloud too" {
    in_browser
    press End
    [[ $(now) == *"Why 2 right runs here: thread 1 is held up."* ]]
    [ "$(js 'document.getElementById("now").getAttribute("aria-live")')" = polite ]
    [ "$(js 'document.querySelector("[aria-current=step]").id')" = row-5 ]
}

@test "each thread's line is marked in the source" {
    in_browser
    [ "$(marks)" = "2 ▶m" ]
    press Right Right
    [ "$(marks)" = "3 ▶1, 6 m" ]
    press End
    [ "$(marks)" = "4 ▶2,1, 6 m" ]
}

@test "threads, locks and variables are those of the step" {
    in_browser
    [[ $(rows threads) == *"2 right|not created yet|"* ]]
    [ "$(rows locks)" = "no lock is held" ]
    [ "$(rows variables)" = "no shared variable was used yet" ]
    press Right Right Right
    [[ $(rows threads) == *"2 right|created, not started|"* ]]
    [[ $(rows locks) == "a|1 "*"|line 3" ]]
    [[ $(rows variables) == "<b>n</b>|7|1 "*"writes it, step 4 (now)" ]]
    press Right
    [[ $(rows threads) == *"waits for b, held by 2 right|p.c:4"* ]]
    [[ $(rows locks) == *$'\n'"b|2 right|line 4" ]]
    press Home
    [ "$(rows variables)" = "no shared variable was used yet" ]
}

@test "the wait-for graph is drawn where somebody waits" {
    in_browser
    [ "$(js 'document.querySelectorAll("#picture line").length')" = 0 ]
    [ "$(js 'document.getElementById("nobody").hidden')" = false ]
    press Right
    [ "$(js 'document.querySelectorAll("#picture line").length')" = 1 ]
    [ "$(js 'document.getElementById("loop").hidden')" = true ]
    press End
    [ "$(js 'document.querySelectorAll("#picture line").length')" = 5 ]
    [ "$(js 'document.querySelectorAll("#picture .circle .edge").length')" = 4 ]
    [ "$(js 'document.getElementById("loop").hidden')" = false ]
    [[ $(js 'document.getElementById("waiting").innerText') == \
        *"2 right (line 3) waits for a, held by 1 "* ]]
}

@test "the nodes of the graph lie inside of the picture and apart" {
    in_browser
    press End
    [ "$(js '(() => { const box = document.querySelector("#picture svg")
        .viewBox.baseVal;
        const nodes = Array.from(document.querySelectorAll("#picture rect"),
            (r) => r.getBBox());
        const over = (a, b) => a !== b && a.x < b.x + b.width &&
            b.x < a.x + a.width && a.y < b.y + b.height &&
            b.y < a.y + a.height;
        return nodes.every((n) => n.x >= 0 && n.y >= 0 &&
            n.x + n.width <= box.width && n.y + n.height <= box.height &&
            !nodes.some((m) => over(m, n))) && nodes.length; })()')" = 5 ]
}

@test "Tab reaches the controls, with a focus that can be seen" {
    in_browser
    press Tab
    [ "$(js document.activeElement.id)" = forward ]
    [ "$(js 'getComputedStyle(document.activeElement).outlineStyle')" = solid ]
    press Enter
    [[ $(now) == "Step 2 of 5: "* ]]
    press Tab Tab
    [ "$(js document.activeElement.id)" = step ]
    press Right
    [[ $(now) == "Step 3 of 5: "* ]]
    press End
    [[ $(now) == "Step 5 of 5: "* ]]
}

@test "a button that is switched off passes the focus on" {
    in_browser
    press Tab Tab Enter
    [[ $(now) == "Step 5 of 5: "* ]]
    [ "$(js document.activeElement.id)" = step ]
}

@test "every control and region has a name for a screen reader" {
    in_browser
    devtools Accessibility.enable '{}' >/dev/null
    run -0 jq -r '.value.nodes[] | select(.ignored | not) |
        select(.role.value | IN("button", "slider", "link", "region", "table"))
        | "\(.role.value) \(.name.value)"' \
        <<<"$(devtools Accessibility.getFullAXTree '{}')"
    [[ $output == *"button Forward"* && $output == *"slider Step"* ]]
    [[ $output == *"table Locks held"* && $output == *"region All steps"* ]]
    run -1 grep -E '^[a-z]+ *$' <<<"$output"
}

@test "what a program calls its threads and strings never runs" {
    in_browser
    press Right Right Right Right
    [ "$(js 'typeof owned')" = undefined ]
    [ "$(js 'document.images.length + document.scripts.length')" = 2 ]
    [ "$(js 'document.querySelectorAll("main b").length')" = 0 ]
    [[ $(js document.title) == *"</title><script>owned = 1</script>"* ]]
}

@test "the page fetches nothing and complains of nothing" {
    in_browser
    press End
    [ "$(js 'performance.getEntriesByType("resource").length')" = 0 ]
    run -0 wd /se/log '{"type": "browser"}'
    [ "$(jq '.value | length' <<<"$output")" = 0 ]
}

# The lowest contrast of text on what is behind it, times 10.
contrast() {
    js '(() => {
        const parts = (c) => c.match(/[\d.]+/g).map(Number);
        const light = (c) => { const [r, g, b] = parts(c).slice(0, 3)
            .map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92
                : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const behind = (e) => { for (; e; e = e.parentElement) {
            const c = getComputedStyle(e).backgroundColor;
            if (parts(c)[3] !== 0) return c; } return "rgb(255, 255, 255)"; };
        const all = Array.from(document.querySelectorAll("body *"))
            .filter((e) => e.offsetParent && !e.disabled && !e.closest("svg") &&
                Array.from(e.childNodes).some((n) => n.nodeType === 3 &&
                    n.textContent.trim()));
        const ratio = (e) => { const l = [light(getComputedStyle(e).color),
            light(behind(e))].sort((a, b) => b - a);
            return (l[0] + 0.05) / (l[1] + 0.05); };
        return Math.floor(10 * Math.min(...all.map(ratio))); })()'
}

@test "both themes can be read: text has a contrast of 4.5 and more" {
    local scheme papers=()
    for scheme in light dark; do
        in_browser
        devtools Emulation.setEmulatedMedia "{\"features\":
            [{\"name\": \"prefers-color-scheme\", \"value\": \"$scheme\"}]}" \
            >/dev/null
        press End
        (($(contrast) >= 45))
        papers+=("$(js 'getComputedStyle(document.body).backgroundColor')")
    done
    [ "${papers[0]}" != "${papers[1]}" ]
}

@test "without JavaScript the table of all steps is there" {
    in_browser
    devtools Emulation.setScriptExecutionDisabled '{"value": true}' >/dev/null
    open_page "$(page)"
    run -0 js '[document.querySelectorAll("#steps tbody tr").length,
        document.getElementById("player").offsetHeight,
        document.querySelector("noscript").innerText.slice(0, 18)].join()'
    devtools Emulation.setScriptExecutionDisabled '{"value": false}' >/dev/null
    [ "$output" = "5,0,Without JavaScript" ]
}
