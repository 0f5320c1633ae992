# shellcheck shell=bash
# A class: its folder of results, its students, what is to be judged.
# Sourced after all.sh. For the commands grade and merge.
#
# OUT/grade.json               how it was judged, the labs, the part
# OUT/students.json            who handed in what, and what was wrong with it
# OUT/results/STUDENT/LAB.json one answer each, moved there when it is whole:
#     what is there counts, what is missing is judged the next time
# OUT/grades.csv, OUT/feedback/, OUT/class.html, OUT/attention.md
#     written at the end from those three
# shellcheck disable=SC2034 # the commands that source this read its results
# shellcheck disable=SC2153 # LAB_FILE is lab.sh's

RL_GRADE=$RL_TOOLS/grade

# Options that make hands over; target_parse knows those of the line.
grade_settings() {
    local name variable
    for name in "$@"; do
        variable=RL_${name^^}
        if [[ -n ${!variable:-} && -z ${OPT[$name]:-} ]]; then
            OPT["$name"]=${!variable}
        fi
    done
    [[ ${OPT[force]:-} != 0 ]] || OPT[force]=''
}

# rl-intake needs libarchive, which nobody else does: it is built when asked.
intake_ready() {
    [[ -z ${RL_READY_INTAKE:-} ]] || return 0
    if ! flock "$RL_BUILD/tools.lock" env -u MAKEFLAGS -u MAKELEVEL \
        -u MFLAGS make -s --no-print-directory -C "$RL_ROOT" \
        build/bin/rl-intake >"$RL_BUILD/intake.log" 2>&1; then
        grep -m1 -E 'error|not found|\*\*\*' "$RL_BUILD/intake.log" >&2 || true
        die 3 "rl-intake does not build here: is libarchive-dev installed?" \
            "Run tools/setup"
    fi
}

# PART=2/8 into PART and PARTS.
grade_part() {
    local part=${1:-1/1}
    [[ $part =~ ^([0-9]{1,4})/([0-9]{1,4})$ ]] ||
        die 2 "PART is 2/8, the second of eight, not '$part'"
    PART=$((10#${BASH_REMATCH[1]})) PARTS=$((10#${BASH_REMATCH[2]}))
    ((PART >= 1 && PART <= PARTS)) ||
        die 2 "there is no part $PART of $PARTS"
}

# Make OUT ready and take it for this process alone.
grade_out() {
    OUT=$1
    if [[ -e $OUT && ! -d $OUT ]]; then
        die 2 "$(shown "$OUT") is a file; OUT is a folder for the results"
    fi
    if ! mkdir -p -- "$OUT/results" "$OUT/feedback" 2>"$RL_TMP/said"; then
        die 2 "OUT=$(shown "$OUT") cannot be written: $(said_why)"
    fi
    OUT=$(cd -- "$OUT" && pwd -P)
    if ! { : >"$OUT/.lock"; } 2>"$RL_TMP/said"; then
        die 2 "OUT=$(shown "$OUT") cannot be written: $(said_why)"
    fi
    exec {OUT_LOCK}>"$OUT/.lock"
    flock -w "${RL_PATIENCE:-0}" "$OUT_LOCK" || die 2 "another grade is at work in" \
        "$(shown "$OUT"); wait for it, or choose another OUT"
    # Halves that a killed process left behind.
    find "$OUT" -name '.new.*' -delete
}

# The last words of a failed command, without its name and file.
said_why() {
    tail -n1 "$RL_TMP/said" | sed 's/.*: //'
}

# out_put FILE NAME: FILE becomes OUT/NAME in one step. 1 when the disk does
# not take it, with the reason in WHY_NOT.
out_put() {
    local file=$1 to=$OUT/$2 new
    new=${to%/*}/.new.${to##*/}
    if { [[ -d ${to%/*} ]] || mkdir -p -- "${to%/*}"; } 2>"$RL_TMP/said" &&
        cp -- "$file" "$new" 2>"$RL_TMP/said" &&
        mv -f -- "$new" "$to" 2>"$RL_TMP/said"; then
        return 0
    fi
    WHY_NOT=$(said_why)
    rm -f -- "$new"
    return 1
}

out_put_or_die() {
    out_put "$@" || die 3 "$(shown "$OUT")/$2 cannot be written: $WHY_NOT;" \
        "make room, or choose another OUT, and run the same again:" \
        "it goes on where it stopped"
}

# STUDENTS (a file, an array of objects) of this part from rl-intake's lines;
# a folder name that is safe everywhere for each.
grade_students() {
    local lines=$1 key number slug
    STUDENTS=$RL_TMP/students.json
    while IFS=$'\t' read -r number key; do
        number_in_part "$key" || continue
        student_slug "$key"
        printf '%s\t%s\n' "$number" "$slug"
    done < <(jq -r 'select(.type == "student")
        | "\(.number)\t\(.key)"' "$lines") >"$RL_TMP/slugs"
    jq -s --rawfile slugs "$RL_TMP/slugs" '
        ($slugs | split("\n") | map(select(. != "") | split("\t")
            | {key: .[0], value: .[1]}) | from_entries) as $slug
        | map(select(.type == "student" and $slug["\(.number)"])
            | .slug = $slug["\(.number)"])
        | sort_by(.key)' "$lines" >"$STUDENTS"
}

# A fixed share of all names: it depends on nothing but the name.
number_in_part() {
    local hash
    ((PARTS > 1)) || return 0
    hash=$(printf '%s' "$1" | sha256sum)
    ((16#${hash:0:8} % PARTS + 1 == PART))
}

student_slug() {
    local key=$1 hash
    slug=${key//[^A-Za-z0-9._-]/_}
    slug=${slug:0:60}
    if [[ $slug != "$key" || $slug == [.-]* ]]; then
        hash=$(printf '%s' "$key" | sha256sum)
        slug=s${slug#[.-]}-${hash:0:8}
    fi
}

# The labs that are graded: LABS, and LABS_JSON for the pages.
grade_labs() {
    local name
    mapfile -t LABS < <(labs_all)
    [[ -z $LAB_NAME ]] || LABS=("$LAB_NAME")
    ((${#LABS[@]})) || die 70 "there are no labs here"
    LAB_FILES=()
    for name in "${LABS[@]}"; do
        lab_load "$name"
        LAB_FILES[$name]=$LAB_FILE
        TITLES[$name]=${CONF[TITLE]}
    done
    LABS_JSON=$(for name in "${LABS[@]}"; do
        printf '%s\n' "$name" "${TITLES[$name]}" "${LAB_FILES[$name]}"
    done | jq -nRc '[inputs | {name: ., title: input, file: input}]')
}

declare -gA LAB_FILES=() TITLES=()

# The same answer as lab.sh's, without reading all labs each time.
lab_of_file() {
    local name
    for name in "${!LAB_FILES[@]}"; do
        if [[ ${LAB_FILES[$name]} == "$1" ]]; then
            printf '%s' "$name"
            return
        fi
    done
}

# Everything beside the sources that a lab's verdict depends on, in one word.
lab_state() {
    local name=$1
    {
        printf '%s\n' "$name" "$CC_USED" "${OPT[runs]:-}" "${OPT[seed]:-}" \
            "${OPT[wall]:-}" "$RL_SANDBOX_LEVEL" \
            "$(points_of "$name")"
        compiler_version "$CC_USED"
        tool_version
        cat "$LAB_DIR/lab.conf"
        [[ -z ${CONF[STDIN]:-} ]] || cat "$(lab_stdin)"
    } | sha256sum | cut -c1-16
}
