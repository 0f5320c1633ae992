# shellcheck shell=bash
# The pages and the list at the end, from OUT/results, students.json and
# grade.json alone: who judged, where and in how many parts does not show.
# Sourced after grade.sh.

# Ends with the exit code of the whole.
grade_report() {
    local needs broken
    mapfile -t REPORTED < <(jq -r '.[].slug' "$OUT/students.json")
    report_rows
    jq -s -j -L "$RL_GRADE" -L "$RL_TOOLS/lib" --slurpfile students \
        "$OUT/students.json" --slurpfile about "$OUT/grade.json" \
        --rawfile css "$RL_GRADE/page.css" -f "$RL_GRADE/report.jq" \
        "$RL_TMP/rows" >"$RL_TMP/report" || die 70 "no report of the class"
    report_feedback
    {
        IFS= read -r -d '' needs
        IFS= read -r -d '' broken
        report_page attention.md
        report_page class.html
        # At the end: where it is, the part is whole (merge).
        report_page grades.csv
    } <"$RL_TMP/report"
    note "Written: $(shown "$OUT")/grades.csv, class.html, feedback/ and" \
        "attention.md"
    ((needs == 0)) || note "$needs need a person: $(shown "$OUT")/attention.md"
    ((broken == 0)) || exit 3
    ((needs == 0)) || exit 4
}

# The answers of the students there are, in order: a short row each.
report_rows() {
    local slug
    local -a files=()
    for slug in "${REPORTED[@]}"; do
        report_files "$slug"
        files+=("${ANSWERS[@]}")
    done
    # Not all on one command line.
    printf '%s\0' "${files[@]}" | xargs -0 -r jq -c '{student, lab, sandbox,
        ran: (.result.stages | any(.[]; .verdict != "skipped"))} + (.result
        | {verdict, failed, kind, reason, points, max})' >"$RL_TMP/rows"
}

# ANSWERS of one student, in the order of the labs.
report_files() {
    local name
    ANSWERS=()
    for name in "${LABS[@]}"; do
        [[ ! -f $OUT/results/$1/$name.json ]] ||
            ANSWERS+=("$OUT/results/$1/$name.json")
    done
}

# The pages of a few students at a time: jq starts once for them, and does not
# hold the class in memory.
report_feedback() {
    local slug
    local -a slugs=() files=()
    for slug in "${REPORTED[@]}"; do
        report_files "$slug"
        slugs+=("$slug")
        files+=("${ANSWERS[@]}")
        if ((${#slugs[@]} == 25)); then
            report_pages
        fi
    done
    ((!${#slugs[@]})) || report_pages
}

# Writes the pages of slugs from files, and forgets both.
report_pages() {
    local slug
    jq -s -j -L "$RL_GRADE" -L "$RL_TOOLS/lib" --rawfile css \
        "$RL_GRADE/page.css" --slurpfile students "$OUT/students.json" \
        -f "$RL_GRADE/feedback.jq" "${files[@]}" --args "${slugs[@]}" \
        >"$RL_TMP/pages" || die 70 "no pages for ${slugs[*]}"
    while IFS= read -r -d '' slug; do
        report_page "feedback/$slug.md"
        report_page "feedback/$slug.html"
    done <"$RL_TMP/pages"
    slugs=() files=()
}

# The next text of stdin.
report_page() {
    local text
    IFS= read -r -d '' text
    printf '%s\n' "$text" >"$RL_TMP/page"
    cmp -s "$RL_TMP/page" "$OUT/$1" || out_put_or_die "$RL_TMP/page" "$1"
}
