# shellcheck shell=bash
# What is to be judged: a case is a lab and a content; who handed in the same
# shares it. Sourced after grade.sh.
#
# Each student x lab is a row. ROW_CASE says what its answer is kept under,
# CASES holds those that have no answer yet, in the order of the students.
# shellcheck disable=SC2153 # LAB_FILE is lab.sh's

declare -gA SHA=() ROW_CASE=() ROW_FILE=() ROW_WHY=() CASE_ROWS=() USED=()
declare -ga CASES=() SLUGS=() NUMBERS=() ROOTS=()

# Fill ROW_... for every student and lab.
plan_rows() {
    local name state student
    while read -r student name; do
        NUMBERS+=("$student")
        SLUGS+=("$name")
    done < <(jq -r '.[] | "\(.number) \(.slug)"' "$STUDENTS")
    plan_sums
    for student in "${!NUMBERS[@]}"; do
        ROOTS[student]=$(student_root "$STAGE/${NUMBERS[student]}")
    done
    for name in "${LABS[@]}"; do
        lab_load "$name"
        state=$(lab_state "$name")
        for student in "${!SLUGS[@]}"; do
            plan_row "$student" "$name" "$state"
        done
    done
}

# The sum of every staged file, in one go.
plan_sums() {
    local line
    while IFS= read -r -d '' line; do
        SHA[${line:66}]=${line:0:24}
    done < <(find "$STAGE" -type f -print0 | xargs -0 -r sha256sum -z)
}

plan_row() {
    local student=$1 name=$2 state=$3 row=$1/$2 status=0 file
    local folder=$STAGE/${NUMBERS[$1]} root=${ROOTS[$1]}
    local problems=${LAB_PROBLEMS[$row]:-}
    # Files are told relative to the student's folder.
    cd -- "$folder" || die 70 "a student's folder is gone"
    submission_files "$root" "$name" "$LAB_FILE" || status=$?
    for file in "${FILES[@]}"; do
        USED[$file]=1
    done
    if [[ -n $problems ]]; then
        ROW_WHY[$row]=$problems
        ROW_CASE[$row]=$state-$(word_of "$problems")
    elif ((status == 0)); then
        ROW_FILE[$row]=${FILES[0]#"$folder"/}
        ROW_CASE[$row]=$state-$(files_word)
        CASE_ROOT[${ROW_CASE[$row]}]=${CASE_ROOT[${ROW_CASE[$row]}]:-$root}
    elif ((status == 1)); then
        ROW_WHY[$row]="not handed in"
        ROW_CASE[$row]=$state-absent
    else
        ROW_WHY[$row]=$WHY_NOT
        ROW_CASE[$row]=$state-$(word_of "$WHY_NOT")
    fi
}

# Below folders that hold nothing but one folder, which is no lab's.
student_root() {
    local root=$1
    local -a inside
    while :; do
        mapfile -d '' -t inside < <(find "$root" -mindepth 1 -maxdepth 1 \
            -print0)
        [[ ${#inside[@]} == 1 && -d ${inside[0]} &&
            -z ${LAB_FILES[${inside[0]##*/}]:-} ]] || break
        root=${inside[0]}
    done
    printf '%s' "$root"
}

word_of() {
    local sum
    sum=$(printf '%s' "$1" | sha256sum)
    printf '%s' "${sum:0:24}"
}

# One word for the names and contents of FILES.
files_word() {
    local file
    if ((${#FILES[@]} == 1)) && [[ ${FILES[0]##*/} == "$LAB_FILE" ]]; then
        printf '%s' "${SHA[${FILES[0]}]}"
        return
    fi
    word_of "$(for file in "${FILES[@]}"; do
        printf '%s %s\n' "${file##*/}" "${SHA[$file]}"
    done | LC_ALL=C sort)"
}

# Problems of files that are plainly for a lab: LAB_PROBLEMS[student/lab].
plan_problems() {
    local student name path what base
    declare -gA LAB_PROBLEMS=()
    while IFS=$'\t' read -r student path what; do
        base=${path##*/}
        [[ $base == *.[ch] ]] || continue
        for name in "${LABS[@]}"; do
            if [[ $base == "${LAB_FILES[$name]}" || /$path == */"$name"/* ]]
            then
                LAB_PROBLEMS[$student/$name]="$path: $what"
            fi
        done
    done < <(jq -r 'to_entries[] | .key as $n | .value.problems[]
        | select(.path) | "\($n)\t\(.path)\t\(.what)"' "$STUDENTS")
}

# Sources that no lab took: a person should see whether they matter.
plan_unknown() {
    local student file folder
    for student in "${!NUMBERS[@]}"; do
        folder=$STAGE/${NUMBERS[student]}
        while IFS= read -r -d '' file; do
            [[ -n ${USED[$file]:-} ]] ||
                printf '%d\t%s\n' "$student" "${file#"$folder"/}"
        done < <(find "$folder" -name '*.c' -print0 | LC_ALL=C sort -z)
    done >"$RL_TMP/unknown"
    [[ -s $RL_TMP/unknown ]] || return 0
    jq --rawfile unknown "$RL_TMP/unknown" '
        reduce ($unknown | split("\n")[] | select(. != "") | split("\t"))
            as [$student, $path] (.; .[$student | tonumber].problems += [
            {path: $path, what: "it is for no lab here: not judged"}])' \
        "$STUDENTS" >"$STUDENTS.new"
    mv "$STUDENTS.new" "$STUDENTS"
}

# CASES and CASE_ROWS: what has no answer in OUT, or all with FORCE=1.
plan_cases() {
    local student name row case kept
    declare -gA KEPT=()
    while IFS=$'\t' read -r row kept; do
        KEPT[$row]=$kept
    done < <(results_kept)
    for student in "${!SLUGS[@]}"; do
        for name in "${LABS[@]}"; do
            row=$student/$name
            case=${ROW_CASE[$row]}
            row_tag "$row"
            if [[ ${KEPT[${SLUGS[student]}/$name]:-} == "$case $TAG" &&
                -z ${OPT[force]:-} ]]; then
                continue
            fi
            [[ -n ${CASE_ROWS[$case]:-} ]] || CASES+=("$case")
            CASE_ROWS[$case]+="$row "
        done
    done
}

# TAG becomes what of a row is not in its case: where its file was.
row_tag() {
    TAG=${ROW_FILE[$1]:-}${ROW_WHY[$1]:-}
    TAG=${TAG// /_}
    [[ $TAG =~ ^[A-Za-z0-9._/-]+$ ]] || TAG=$(word_of "$TAG")
}

# "SLUG/LAB<tab>CASE TAG" of each whole result in OUT. Its first words are the
# case and the tag; one that was cut off in the middle has no end.
results_kept() {
    # shellcheck disable=SC2016 # the variables are awk's
    find "$OUT/results" -name '*.json' -print0 | xargs -0 -r awk '
        FNR == 1 {
            split($0, word, "\"")
            row = FILENAME
            sub(/\.json$/, "", row)
            n = split(row, part, "/")
            if ($0 ~ /^\{"case":"[^"]*","tag":"[^"]*",.*\}$/)
                print part[n - 1] "/" part[n] "\t" word[4] " " word[8]
        }'
}
