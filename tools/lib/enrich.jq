# From detector lines to findings that need no other file to be told: adds
# title, short and ask from the page of the kind, each thread's source text
# and, for a race, which lock is missing.
# Slurped files: $pages (see pages.jq) and $sources, {FILE: [LINE, ...]}.

def base: split("/") | last;

def source_text:
  if .file and .line then
    ($sources[0][.file | base] // [])[.line - 1]
    | if . then gsub("\t"; "    ") | gsub("[\\x00-\\x1f\\x7f]"; " ")
        | sub("\\s+$"; "") else null end
  else null end;

def accesses: .threads | map(select(.op | test("read|write|access")));

def thread_name:
  if .id == 0 then "main" else "thread \(.id)" end;

def quoted: map("`\(.)`") | join(", ");

# Two accesses and the locks held at each: which lock do they lack?
def missing:
  if .kind != "data-race" or (accesses | length) < 2 then null
  else
    accesses[0:2] as [$a, $b]
    | ($a.locks // []) as $la | ($b.locks // []) as $lb
    | ($la - ($la - $lb)) as $both
    | if ($a.locks == null and $b.locks == null) then null
      elif ($la + $lb) == [] then "Neither of them holds a lock here."
      elif $both != [] then null
      elif $la == [] or $lb == [] then
        (if $la == [] then [$b, $a, $lb] else [$a, $b, $la] end)
        | "\(.[0] | thread_name) holds \(.[2] | quoted), "
          + "\(.[1] | thread_name) holds no lock: only one of them asks."
      else
        "\($a | thread_name) holds \($la | quoted), \($b | thread_name) "
        + "holds \($lb | quoted): two different locks keep nobody out."
      end
  end;

def filled($finding):
  gsub("\\{variable\\|(?<else>[^}]*)\\}";
    if $finding.variable then "`\($finding.variable)`" else .else end);

map(if .type == "finding" then
    . as $finding
    | ($pages[0][.kind] // {}) as $page
    | .title = ($page.title // .kind)
    | .short = ($page.short // "")
    | .ask = ($page.ask // "" | filled($finding))
    | .missing = missing
    | .threads |= map(.text = source_text)
  else . end)
