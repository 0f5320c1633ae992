# A report as SARIF 2.1.0. A rule is a page of tools/explain, or a stage for
# which there is no finding; a result is a finding, with a thread flow for
# each of its threads.
# Slurped file: $pages, {KIND: text of the page}.
include "formats";
include "safe";

def paragraphs: split("\n\n") | map(gsub("\n"; " "));

def rule($id):
  ($pages[0][$id] // "# The stage \($id | ltrimstr("stage-"))\n\nA stage of the check.")
  | . as $page | paragraphs as $parts
  | ($parts[0] | ltrimstr("# ")) as $title
  | {id: $id,
     name: $id,
     shortDescription: {text: ($title | split(":")[0])},
     fullDescription: {text: $parts[1]},
     help: {text: $parts[1], markdown: $page},
     defaultConfiguration: {level: "error"},
     properties: {tags: ["concurrency"]}};

def uri: split("/") | map(@uri) | join("/");

def artifact($result):
  {artifactLocation: {uri: (path_of($result) | uri), uriBaseId: "SRCROOT"}};

# Where a thread is; a place without a line has no region.
def place_of($result):
  (.file | artifact($result))
  + (if (.line // 0) > 0 then
       {region: ({startLine: .line}
         + (thread_text | if . == "" then {} else {snippet: {text: .}} end))}
     else {} end);

def location($result; $finding):
  (if .file then {physicalLocation: place_of($result)} else {} end)
  + (if .function then
       {logicalLocations: [{name: (.function | flat), kind: "function"}]}
     else {} end)
  + {message: {text: thread_line($finding)}};

# What a viewer may draw for it: words that the standard lists.
def event_kinds:
  if .op | test("read|write") then ["memory"]
  elif .op == "unlock" then ["release", "lock"]
  elif .op | test("lock|wait|hold") then ["lock"]
  else ["unknown"] end;

def event($result; $finding):
  {location: location($result; $finding),
   kinds: event_kinds,
   importance: "essential"}
  + (if (.locks // []) == [] then {}
     else {state: {"locks held": {text: (.locks | join(", ") | flat)}}} end);

def thread_name:
  (if .id == 0 then "main" else "thread \(.id)" end)
  + (if .role and .role != "main" then " (\(.role))" else "" end) | flat;

def thread_flows($result):
  . as $finding
  | reduce .threads[] as $event ({};
      .["\($event.id)"] += [$event])
  | [to_entries[] | .value
     | {id: (.[0] | thread_name), message: {text: (.[0] | thread_name)},
        locations: map(event($result; $finding))}];

# Stays the same when lines above it move: no line number is in it.
def fingerprint($result):
  [.kind, $result.lab // "", (.threads[0].file | path_of($result)),
   .variable // "",
   ([.threads[] | "\(.op) \(.function // "") \(.object // "")"] | sort | .[])]
  | map(flat | @uri) | join("/");

def level:
  if .verdict == "unsure" then "warning"
  elif .severity == "note" then "note"
  else "error" end;

def of_finding($result; $index):
  . as $finding
  | ([.threads[] | select(.file)] | .[0] // {file: null}) as $first
  | {ruleId: .kind,
     ruleIndex: $index[.kind],
     level: level,
     message: {text: ([told] | join("\n"))},
     locations: [{physicalLocation: ($first | place_of($result))}],
     partialFingerprints: {"racelab/v1": fingerprint($result)}}
  + (if (.threads | length) < 2 then {} else
       {codeFlows: [{message: {text: (.title | flat)},
          threadFlows: thread_flows($result)}],
        relatedLocations: [.threads[1:][] | select(.file)
          | location($result; $finding)]}
     end);

# A stage that fails without a finding: it does not build, one thread only.
def stage_rule: "stage-\(.name)";

def of_stage($result; $index):
  {ruleId: stage_rule,
   ruleIndex: $index[stage_rule],
   level: (if .verdict == "fail" then "error" else "warning" end),
   message: {text: "\($result | called): \(.name): \(said)"},
   locations: [{physicalLocation: (null | artifact($result))}],
   partialFingerprints: {"racelab/v1":
     ([stage_rule, $result.lab // "", (null | path_of($result))]
      | map(@uri) | join("/"))}};

def spoken: select(.verdict == "fail" or .verdict == "unsure");

def notification($level):
  {level: $level,
   message: {text: "\(called): \(.reason // .verdict | flat)"}};

# Two results that look alike are told apart by their number.
def numbered:
  reduce .[] as $one ({seen: {}, out: []};
    $one.partialFingerprints["racelab/v1"] as $print
    | .seen[$print] += 1
    | .seen[$print] as $count
    | .out += [if $count == 1 then $one else
        $one | .partialFingerprints["racelab/v1"] += "/\($count)" end])
  | .out;

. as $report
| ([.results[] | cases[] | spoken | select(grave == []) | stage_rule]
   | unique) as $stages
| (($pages[0] | keys) + $stages) as $ids
| ([$ids | to_entries[] | {key: .value, value: .key}] | from_entries) as $index
| {"$schema": "https://json.schemastore.org/sarif-2.1.0.json",
   version: "2.1.0",
   runs: [{
     tool: {driver: {
       name: "racelab",
       version: .tools,
       rules: [$ids[] | rule(.)]}},
     originalUriBaseIds: {SRCROOT: {description: {
       text: "The folder in which racelab check was called."}}},
     invocations: [{
       executionSuccessful: (all(.results[]; .verdict != "broken")),
       exitCode: .exit,
       properties: {sandbox: (.sandbox // "unknown")},
       toolExecutionNotifications:
         [.results[] | if .verdict == "broken" then notification("error")
           elif .verdict == "skipped" and .lab == null then
             notification("note") else empty end]}],
     results: ([.results[] | . as $result | cases[] | spoken
       | if grave == [] then of_stage($result; $index)
         else grave[] | of_finding($result; $index) end] | numbered)}]}
