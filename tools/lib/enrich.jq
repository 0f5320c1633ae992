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

# The program without its comments: what a page says of a word is told where
# the program uses the word.
def code:
  [$sources[0][] | join("\n")] | join("\n")
  | gsub("/\\*([^*]|\\*+[^*/])*\\*+/"; " ") | gsub("//[^\n]*"; "");

# A word of a page as a pattern: "if ... pthread_cond_wait" is a condition and
# right below it the call.
def pattern:
  "\\b" + (split(" ... ") | join("\\s*\\([^;{}]*\\)\\s*\\{?[^;{}]*")) + "\\b";

# Two sentences at most, the first that fit.
def tried($page; $code):
  [($page.tried // [])[]
    | select(.words | any(.[]; pattern as $pattern | $code | test($pattern)))
    | .text][:2];

def question($page):
  [(if .kind == "data-race" and (accesses | any(.[]; .id == 0))
      and (missing | . != null and startswith("Neither"))
    then $page.ask_main else empty end),
   (if .kind == "hang" and (.message | test("never unlocked it"))
    then $page.ask_lock else empty end),
   (if .detector == "output" then $page.ask_always else empty end),
   $page.ask]
  | map(select(. != null and . != ""))[0] // "";

def filled($finding):
  gsub("\\{variable\\|(?<else>[^}]*)\\}";
    if $finding.variable then "`\($finding.variable)`" else .else end);

code as $code
| map(if .type == "finding" then
    . as $finding
    | ($pages[0][.kind] // {}) as $page
    | .title = ($page.title // .kind)
    | .short = ([$page.short // "", tried($page; $code)[]]
        | map(select(. != "")) | join(" "))
    | .ask = (question($page) | filled($finding))
    | .missing = missing
    | .threads |= map(.text = source_text)
  else . end)
