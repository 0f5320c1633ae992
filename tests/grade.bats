# A class: whose is what, one answer each, on after a kill or a full disk, and
# what the pages say. The judge is a fake but in the first test.

load helper
load class/fakes

setup() {
    class_fakes
}

@test "the judge is check, once for each content" {
    cp "$ROOT/tools/cmd/check" tools/cmd/check
    fake_tools
    ln -s "$ROOT"/build/bin/rl-{intake,draw} build/bin/
    fake_answer tsan 50 clean
    program class/ann/counter.c same
    program class/bob/deep/counter.c same
    grade
    [[ $status -eq 0 ]] || fail_with "$stderr"
    [[ $(row ann 5) == 8 && $(row bob 5) == 8 ]]
    [[ $(wc -l <asked.tsan) == 1 ]]
    jq -e '.result.stages | map(.name) | index("tsan")' \
        out/results/ann/21-small-counter.json
    python3 -c 'import json, jsonschema
schema = json.load(open("tools/results.schema.json"))
one = json.load(open("out/results/bob/21-small-counter.json"))["result"]
jsonschema.validate(one, {**schema, **schema["definitions"]["result"],
                          "definitions": schema["definitions"]})'
}

@test "every student gets points, and what needs a person is listed" {
    small_class
    program class/eve/counter.c BROKEN
    program class/finn/counter.c LOST
    mkdir class/gil
    grade
    [[ $status -eq 3 ]]
    [[ $(row ann 5),$(row bob 5),$(row cem 5),$(row dora 5) == 8,5,5,8 ]]
    # Broken is never a zero; nothing handed in is.
    [[ $(row eve 5),$(row eve 6),$(row finn 5),$(row gil 5) == ,,,0 ]]
    grep -q '^- dora: 21-small-counter: tsan: the tools disagree' out/attention.md
    grep -q '^- eve: 21-small-counter: tsan: no memory' out/attention.md
    grep -q '^- finn: .*the judge ended with 70: it fell over' out/attention.md || fail_with "$(cat out/attention.md)"
    grep -q '^- gil: no C file was handed in' out/attention.md
    [[ $(grep -c '^- ' out/attention.md) == 4 ]]
}

@test "unsure alone ends with 4, a clean class with 0" {
    small_class
    grade
    [[ $status -eq 4 ]]
    rm -r class/dora
    grade
    [[ $status -eq 0 && $(wc -l <out/grades.csv) == 4 ]]
}

@test "only what changed is judged again, all with FORCE=1" {
    small_class
    grade
    [[ $(wc -l <asked) == 3 ]]
    cp -r out before
    grade
    [[ $(wc -l <asked) == 3 ]]
    diff -r before out
    program class/ann/counter.c better
    grade
    [[ $(wc -l <asked) == 4 ]]
    echo '# changed' >>tools/explain/hang.md
    grade
    [[ $(wc -l <asked) == 7 ]]
    echo '# changed' >>labs/21-small-counter/lab.conf
    printf 'POINTS=build:5\n' >points
    grade POINTS=points FORCE=1
    [[ $(wc -l <asked) == 10 ]]
}

@test "what was broken is judged again" {
    program class/ann/counter.c BROKEN
    grade
    grade
    [[ $(wc -l <asked) == 2 ]]
}

# A command in PATH that kills grade when it is called for the Nth time,
# before or after it has done its work.
killer() {
    local tool=$1 number=$2 when=$3 real=${4:-$(command -v "$1")}
    mkdir -p kill
    : >kill/count
    cat >"kill/$tool" <<SCRIPT
#!/usr/bin/env bash
echo x >>"$PWD/kill/count"
kill_grade() {
    local pid=\$PPID
    while [[ \$(tr '\0' ' ' </proc/\$pid/cmdline) != *"/tools/cmd/grade "* ]]; do
        pid=\$(sed -n 's/^PPid:[^0-9]*//p' /proc/\$pid/status)
        ((pid > 1)) || return
    done
    echo x >>"$PWD/kill/hit"
    kill -9 "\$pid"
}
mine=\$((\$(wc -l <"$PWD/kill/count") == $number))
((!mine)) || [[ $when == after ]] || kill_grade
"$real" "\$@"
status=\$?
((!mine)) || [[ $when == before ]] || kill_grade
exit \$status
SCRIPT
    chmod +x "kill/$tool"
}

@test "killed with -9 at any point it goes on, nothing lost or doubled" {
    small_class
    grade
    mv out whole
    printf '%s\n' 'cp 2 before' 'mv 3 before' 'mv 4 after' >points
    [[ -z ${RL_SOAK:-} ]] || for ((i = 1; i < 25; i++)); do
        printf 'cp %d before\nmv %d after\n' "$i" "$i"
    done >>points
    while read -r tool number when; do
        rm -rf out asked kill
        killer "$tool" "$number" "$when"
        PATH=$PWD/kill:$PATH grade
        [[ $status -eq 137 && -s kill/hit ]] ||
            fail_with "$tool $number $when: not killed ($status)" "$stderr"
        # Whatever stands under a final name is whole.
        find out/results -name '*.json' ! -name '.new.*' -exec jq -e . {} + >json
        grade
        diff -r whole out || fail_with "after $tool $number $when"
        [[ -z $(find out -name '.new.*') ]]
        # At most the one that was at work is judged twice.
        (($(wc -l <asked) <= 4)) || fail_with "$tool $number: $(cat asked)"
    done <points
}

@test "killed while a program is judged, it leaves nobody behind" {
    small_class
    killer check 2 before "$PWD/tools/cmd/check.real"
    mv tools/cmd/check tools/cmd/check.real
    mv kill/check tools/cmd/check
    grade
    [[ $status -eq 137 && $(find out/results -name '*.json' | wc -l) == 1 ]]
    grade
    [[ $status -eq 4 && $(row bob 5) == 5 ]]
    [[ $(sort -u asked | wc -l) == 3 ]]
}

@test "two at work in one OUT are told apart" {
    small_class
    mkdir -p out
    exec 8>out/.lock
    flock 8
    run -2 limited tools/racelab grade SUBMISSIONS=class OUT=out 8>&-
    [[ $output == *"another grade is at work in out"* ]]
}

@test "a disk that is full ends it with one line; then it goes on" {
    small_class
    grade
    mv out whole
    # As cp says it, at the sixth file.
    mkdir full
    cat >full/cp <<SCRIPT
#!/usr/bin/env bash
echo x >>"$PWD/full/count"
((\$(wc -l <"$PWD/full/count") < 6)) || {
    head -c 20 "\${@: -2:1}" >"\${@: -1}"
    echo "cp: error writing 'x': No space left on device" >&2
    exit 1
}
exec $(command -v cp) "\$@"
SCRIPT
    chmod +x full/cp
    PATH=$PWD/full:$PATH grade
    [[ $status -eq 3 && $stderr == *"cannot be written: No space left on device; make room"* ]]
    [[ -z $(find out -name '.new.*') && ! -e out/grades.csv ]]
    grade
    diff -r whole out
}

@test "a disk that is really full, where one can be had" {
    small_class
    program class/long/counter.c "$(head -c 30000 /dev/zero | tr '\0' x)"
    mkdir -p out disk
    if mount -t tmpfs -o size=48k,mode=700 tmpfs disk 2>mount; then
        run --separate-stderr limited tools/racelab grade SUBMISSIONS=class \
            OUT=disk -j 1
        find disk -name '*.json' ! -name '.new.*' -exec jq -e . {} + >json
        umount disk
        [[ $status -eq 3 && $stderr == *"No space left on device; make room"* ]]
    else
        # Without a disk of one's own the limit on a file's size does it.
        (
            ulimit -f 8
            trap '' XFSZ
            grade
            [[ $status -ne 0 ]]
        )
        echo "# no tmpfs here: $(cat mount); a file size limit instead" >&3
    fi
}

@test "the names of learning platforms" {
    local mine=labs/21-small-counter/counter.c
    mkdir -p 'class/Ann Lee_101_assignsubmission_file_' class/submission_77
    program class/x/counter.c
    cp "$mine" 'class/Ann Lee_101_assignsubmission_file_/'
    cp "$mine" 'class/Bob_102_assignsubmission_file_counter.c'
    cp "$mine" class/cemil_LATE_103_9001_counter-2.c
    cp "$mine" class/submission_77/counter.c
    printf '%s\n' 'submission_77:' '  :submitters:' '  - :name: Dora "D" Ü' \
        '    :email: d@x' "  - :name: 'O''Hara'" >class/submission_metadata.yml
    cp "$mine" counter.c && zip -q class/eve.zip counter.c && rm counter.c
    grade
    [[ $status -eq 0 ]] || fail_with "$stderr"
    jq -c '.[] | [.key, .name, .id, .platform, .late]' out/students.json >list
    diff list - <<'LIST'
["Ann Lee_101","Ann Lee","101","moodle",false]
["Bob_102","Bob","102","moodle",false]
["cemil_103","cemil","103","canvas",true]
["eve","eve","","folder",false]
["submission_77","Dora \"D\" Ü, O'Hara","77","gradescope",false]
["x","x","","folder",false]
LIST
    [[ $(grep -c ',8,8,8,' out/grades.csv) == 6 ]]
}

@test "a zip of the class gives what its folder gives, a zip in it too" {
    small_class
    program class/eve/work/21-small-counter/counter.c
    (cd class/eve && zip -qrm work.zip work)
    grade
    mv out whole
    (cd class && zip -qr ../class.zip .)
    FROM=class.zip grade
    diff <(jq 'map(del(.number))' whole/students.json) \
        <(jq 'map(del(.number))' out/students.json)
    diff -r -x students.json whole out
}

@test "a folder around the class is none of its students" {
    program export/assignment_5_export/submission_1/counter.c
    program export/assignment_5_export/submission_2/counter.c
    FROM='export' grade
    [[ $(jq -r 'map(.key) | join(" ")' out/students.json) == \
        "submission_1 submission_2" ]]
    rm -r out
    small_class
    mkdir top && mv class top/
    (cd top && zip -qr ../top.zip class)
    FROM=top.zip grade
    [[ $(jq -r 'map(.key) | join(" ")' out/students.json) == "ann bob cem dora" ]]
    [[ $(row bob 5) == 5 ]]
    # One student with two labs is no class.
    rm -r out
    program solo/ann/21-small-counter/counter.c
    program solo/ann/22-other/counter.c
    (cd solo && zip -qr ../solo.zip ann)
    FROM=solo.zip grade
    [[ $(jq -r 'map(.key) | join(" ")' out/students.json) == ann ]]
}

@test "hostile archives: one line each, the rest is graded" {
    small_class
    program evil/counter.c
    (cd evil && bsdtar -cf ../class/dots.tar -P -s '|^|../../|' counter.c &&
        bsdtar -cf ../class/abs.tar -P -s '|^|/evil/|' counter.c)
    head -c 4000000 /dev/zero >evil/counter.c
    (cd evil && zip -q ../class/bomb.zip counter.c)
    rm -rf evil
    printf 'PK not a zip' >class/broken.zip
    zip -q class/cut.zip labs/21-small-counter/*
    truncate -s -30 class/cut.zip
    ln -s /etc/passwd class/ann/secret.c
    mkfifo class/ann/pipe.h
    : >class/nobody.c
    program $'class/Ren\xe9/counter.c'
    program $'class/new\nline/counter.c'
    grade
    [[ $status -eq 4 && $(row ann 5) == 8 ]]
    [[ $stderr == *"dots: ../../counter.c: a name with .. is not taken"* ]]
    [[ $stderr == *"abs: /evil/counter.c: an absolute name is not taken"* ]]
    [[ $stderr == *"bomb: bomb/counter.c: it unpacks to more than 200 times"* ]]
    [[ $stderr == *"broken: broken.zip: no zip or tar archive"* ]]
    [[ $stderr == *"cut: cut.zip: no zip or tar archive, damaged, or cut off"* ]]
    [[ $stderr == *"ann: secret.c: a symbolic link is not followed"* ]]
    [[ $stderr == *"ann: pipe.h: a device, pipe or socket is not followed"* ]]
    [[ $stderr == *"class: nobody.c: no student can be told"* ]]
    [[ $(row 'Ren\\xE9' 5) == 8 && $(row 'new\\x0Aline' 5) == 8 ]]
    [[ ! -e /evil && -z $(find . -name counter.c -path '*evil*') ]]
    # Nobody's name is a path.
    [[ -z $(find out/results out/feedback -name '*[!A-Za-z0-9._-]*') ]]
}

@test "an unknown lab, two candidates, a file that cannot be read" {
    small_class
    program class/ann/99-other-lab/other.c
    program class/eve/a/counter.c
    program class/eve/b/counter.c
    program class/finn/counter.c
    # Root reads everything; a folder of that name reads as nothing for all.
    if [[ $(id -u) != 0 ]]; then
        chmod 000 class/finn/counter.c
    else
        rm class/finn/counter.c
        ln -s nowhere class/finn/counter.c
    fi
    grade
    [[ $status -eq 4 && $(row ann 5) == 8 ]]
    [[ $stderr == *"ann: 99-other-lab/other.c: it is for no lab here"* ]]
    grep -q '^- eve: 21-small-counter: more than one counter.c: a/counter.c and b/counter.c' \
        out/attention.md
    grep -qE '^- finn: 21-small-counter: counter.c: .*(cannot be read|link)' \
        out/attention.md
    [[ $(row eve 5) == 0 && $(row finn 5) == 0 ]]
}

@test "wrong use: one line, exit 2" {
    run -2 tools/racelab grade
    [[ $output == *"SUBMISSIONS=FOLDER or SUBMISSIONS=ZIP is missing" ]]
    run -2 tools/racelab grade SUBMISSIONS=gone
    [[ $output == "racelab: there is no gone" ]]
    mkdir class
    run -2 tools/racelab grade SUBMISSIONS=class OUT=out
    [[ ${lines[-1]} == "racelab: class holds no student's folder or archive" ]]
    program class/21-small-counter/counter.c
    run -2 tools/racelab grade SUBMISSIONS=class OUT=out
    [[ ${lines[-1]} == *"class holds labs, not students"* ]]
    small_class
    rm -r class/21-small-counter
    : >file
    run -2 tools/racelab grade SUBMISSIONS=class OUT=file
    [[ $output == *"file is a file; OUT is a folder"* ]]
    run -2 tools/racelab grade SUBMISSIONS=class OUT=/proc/self/nothing
    [[ $output == *"cannot be written"* && ${#lines[@]} -eq 1 ]]
    run -2 tools/racelab grade SUBMISSIONS=class PART=9/8
    [[ $output == *"no part 9 of 8"* ]]
    run -2 tools/racelab grade SUBMISSIONS=class PART=two
    [[ $output == *"PART is 2/8"* ]]
}

@test "parts joined are what one machine gives, byte for byte" {
    small_class
    for name in e f g h; do
        program "class/$name/counter.c" "$name"
    done
    : >class/nobody.c
    # Neither the parts nor the jobs at once show.
    grade -j 3
    mv out whole
    for part in 2 1; do
        grade PART=$part/2
        mv out "out$part"
    done
    [[ $(cat out?/students.json | jq -s 'map(length) | add') == 8 ]]
    run -4 tools/racelab merge out2 out1 OUT=joined
    diff -r whole joined
}

@test "parts that do not fit are refused" {
    small_class
    grade PART=1/2 && mv out one
    grade PART=2/2 && mv out two
    run -2 tools/racelab merge one OUT=all
    [[ $output == *"part 2 of 2 is missing"* ]]
    run -2 tools/racelab merge one two one OUT=all
    [[ $output == *"part 1 of 2 is there twice"* ]]
    rm two/grades.csv
    run -2 tools/racelab merge one two OUT=all
    [[ $output == *"two is no finished part: it has no grades.csv"* ]]
    echo '# changed' >>tools/explain/hang.md
    grade PART=2/2 && mv out three
    run -2 tools/racelab merge one three OUT=all
    [[ $output == *"not judged alike: tools differ"* ]]
    run -2 tools/racelab merge one three OUT=one
    mv three out
    run -2 tools/racelab grade SUBMISSIONS=class OUT=out PART=1/2
    [[ $output == *"out holds part 2/2, not 1/2"* ]]
}

@test "no name is a formula, and the CSV is one" {
    program 'class/=cmd|x!A1/counter.c'
    program 'class/+1/counter.c'
    program 'class/-2/counter.c'
    program 'class/@x/counter.c'
    program 'class/say "hi", Ann/counter.c'
    grade
    [[ $status -eq 0 ]] || fail_with "$stderr"
    python3 - <<'PYTHON'
import csv
rows = list(csv.reader(open("out/grades.csv", newline="", encoding="utf-8")))
assert [len(row) for row in rows] == [8] * 6, rows
names = [row[1] for row in rows[1:]]
assert names == ["'+1", "'-2", "'=cmd|x!A1", "'@x", 'say "hi", Ann'], names
assert open("out/grades.csv", "rb").read().count(b"\r\n") == 6
PYTHON
}

@test "what programs say is text on every page" {
    program 'class/<b>x<b> `a` [l](u)/counter.c' WRONG
    grade
    [[ $status -eq 0 ]] || fail_with "$stderr"
    cat out/feedback/*.html out/class.html >pages
    [[ $(grep -ciE '<script|<img|<b>' pages) == 0 ]]
    grep -q '&lt;script&gt;alert(1)&lt;/script&gt;' pages
    [[ $(tr -d '\n\t' <pages | tr -d '[:print:]' | tr -d '\200-\377' | wc -c) == 0 ]]
    grep -q '<svg' out/feedback/*.html
    for page in out/feedback/*.html out/class.html; do
        xmllint --html --noout --nowarning "$page" 2>&1 |
            grep -vE 'Tag (svg|rect|text|line|path|title|figure|g) invalid|^ *\^|^$' |
            grep error && fail_with "$page"
    done
    # In Markdown outside blocks of code.
    awk '/^```/ { code = !code } !code' out/feedback/*.md >text
    run ! grep -E '(^|[^\\])<' text
    grep -qF '# Feedback for \<b\>x\<b\> `a` \[l\](u)' text
    grep -q 'in a sandbox of the level limits' pages
}

@test "a class of each layout is made up, the same for the same seed" {
    [[ -n ${RL_SOAK:-} ]] || skip "in the soak"
    for layout in folder moodle canvas gradescope; do
        "$ROOT/tests/class/make" "made.$layout" 2 7 "$layout"
    done
    "$ROOT/tests/class/make" made.again 2 7
    diff -r made.folder made.again
    for layout in moodle canvas gradescope; do
        run -0 build/bin/rl-intake "made.$layout.zip" "$(mktemp -d)"
        [[ $(grep -c '"problems":\[\]' <<<"$output") == 3 ]]
    done
}
