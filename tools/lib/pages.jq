# From tools/explain/KIND.md, read with jq -n -R, to {KIND: {title, short,
# ask, ask_main, ask_lock, ask_always, tried}}: the heading up to its colon, the
# first paragraph, the text under "## A question" and its variants (see
# question in enrich.jq), and what is often tried: {words, text}, from
# "- `word`, `word`: text".

def joined: map(select(. != "")) | join(" ") | gsub(" +"; " ");

def until_blank:
  reduce .[] as $line ({text: [], over: false};
    if .over then .
    elif $line == "" then .over = (.text != [])
    else .text += [$line] end)
  | .text | joined;

def under($heading):
  .[(index($heading) // length) + 1:];

def bullets:
  until_blank
  | [splits("(^| )- (?=`)") | select(. != "")
     | capture("^(?<words>`[^:]*): (?<text>.*)$")
     | .words |= [match("`([^`]*)`"; "g").captures[0].string]];

reduce inputs as $line ({};
  .[input_filename | split("/") | last | rtrimstr(".md")] += [$line])
| map_values({
    title: (.[0] | ltrimstr("# ") | split(":")[0]),
    short: (.[1:] | until_blank),
    ask: (under("## A question") | until_blank),
    ask_main: (under("## A question if main is one of the two")
      | until_blank),
    ask_lock: (under("## A question if somebody kept a lock") | until_blank),
    ask_always: (under("## A question if the usual order is wrong already")
      | until_blank),
    tried: (under("## What is often tried") | bullets)
  })
