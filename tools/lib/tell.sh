# shellcheck shell=bash
# From a detector's JSON Lines to text: the same words in every command.
# Sourced after common.sh.

# {FILE: [LINE, ...]} of FILE...
sources_json() {
    (($#)) || {
        printf '{}'
        return
    }
    jq -n -R 'reduce inputs as $line ({};
        .[input_filename | split("/") | last] += [$line])' "$@"
}

pages_json() {
    local -a pages=("$RL_TOOLS"/explain/*.md)
    if [[ ! -f ${pages[0]} ]]; then
        printf '{}'
        return
    fi
    jq -n -R -f "$RL_TOOLS/lib/pages.jq" "${pages[@]}"
}

# enrich LINES UNIT: detector lines as one array, each finding whole.
enrich() {
    local lines=$1 unit=$2 sources pages
    sources=$(mktemp "$RL_TMP/sources.XXXXXX")
    pages=$(mktemp "$RL_TMP/pages.XXXXXX")
    sources_json "$unit"/src/* >"$sources"
    pages_json >"$pages"
    jq -s --slurpfile sources "$sources" --slurpfile pages "$pages" \
        -f "$RL_TOOLS/lib/enrich.jq" "$lines"
}
