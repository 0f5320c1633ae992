# From tools/explain/KIND.md, read with jq -n -R, to {KIND: {title, short,
# ask}}: the heading up to its colon, the first paragraph, the text under
# "## A question".

def joined: map(select(. != "")) | join(" ");

def until_blank:
  reduce .[] as $line ({text: [], over: false};
    if .over then .
    elif $line == "" then .over = (.text != [])
    else .text += [$line] end)
  | .text | joined;

reduce inputs as $line ({};
  .[input_filename | split("/") | last | rtrimstr(".md")] += [$line])
| map_values({
    title: (.[0] | ltrimstr("# ") | split(":")[0]),
    short: (.[1:] | until_blank),
    ask: ((index("## A question") // length) as $at | .[$at + 1:] | until_blank)
  })
