# Pages as lists of blocks, and the two ways to write them: Markdown and HTML.
# What a page says is said once. A block is an object with one key:
#   h1, h2, h3: text      p: text        pre: text     list: [text]
#   table: {head: [text], rows: [[text]], class}
#   drawing: {svg, text}  html: markup of our own (left out in Markdown)
#   badge: {verdict, text}   a heading of the second level with a verdict
# A text is somebody else's: it is cleaned and escaped here, and only here. A
# pair of backticks in it is a span of code.
include "safe";

def longest: [match("`+"; "g").length] | max // 0;

# Our own sentences quote with backticks; an odd one is only a character.
def spans(text; code):
  flat | split("`")
  | if length % 2 == 0 then join("`") | text
    else to_entries
      | map(if .key % 2 == 0 then .value | text
            elif .value == "" then "" else .value | code end)
      | join("") end;

# What Markdown would read as markup, a link or a call of somebody by name.
def md_escaped:
  gsub("(?<c>[\\\\`*_{}\\[\\]<>#|!&~$@]|:(?=//)|(?<=www)\\.|^[-+=]|(?<=^[0-9])[.)])";
    "\\\(.c)");

def md_text: spans(md_escaped; "`\(.)`");

def md_cell: md_text | gsub("(?<b>(?<!\\\\)\\|)"; "\\|");

def md_fence: clean
  | ("`" * ([longest + 1, 3] | max)) as $fence
  | "\($fence)text\n\(rtrimstr("\n"))\n\($fence)";

def md_block:
  if .h1 then "# \(.h1 | md_text)"
  elif .h2 then "## \(.h2 | md_text)"
  elif .badge then "## \(.badge.text | md_text): \(.badge.verdict)"
  elif .h3 then "### \(.h3 | md_text)"
  elif .p then .p | md_text
  elif .pre then .pre | md_fence
  elif .list then .list | map("- \(md_text)") | join("\n")
  elif .table then
    ([.table.head, (.table.head | map("---"))]
     + (.table.rows | map(map(tostring | md_cell))))
    | map("| \(join(" | ")) |") | join("\n")
  elif .drawing then .drawing.text | md_fence
  else empty end;

def to_markdown: map(md_block) | join("\n\n");

def html_text: spans(@html; "<code>\(@html)</code>");

def word: ascii_downcase | gsub("[^a-z]"; "-");

def html_row($tag): map("<\($tag)>\(tostring | html_text)</\($tag)>")
  | "<tr>\(join(""))</tr>";

# A word that is a verdict has its colour, too.
def html_cell:
  tostring
  | if IN("pass", "fail", "unsure", "broken", "skipped", "not handed in")
    then "<td><span class=\"v \(word)\">\(.)</span></td>"
    else "<td>\(html_text)</td>" end;

def html_block:
  if .h1 then "<h1>\(.h1 | html_text)</h1>"
  elif .h2 then "<h2>\(.h2 | html_text)</h2>"
  elif .badge then "<h2>\(.badge.text | html_text) "
    + "<span class=\"v \(.badge.verdict | word)\">\(.badge.verdict)</span></h2>"
  elif .h3 then "<h3>\(.h3 | html_text)</h3>"
  elif .p then "<p>\(.p | html_text)</p>"
  elif .pre then "<pre>\(.pre | clean | @html)</pre>"
  elif .list then "<ul>\(.list | map("<li>\(html_text)</li>") | join("\n"))</ul>"
  elif .table then "<div class=\"scroll\"><table class=\"\(.table.class // "")\">"
    + "<thead>\(.table.head | html_row("th"))</thead>\n<tbody>"
    + (.table.rows | map("<tr>\(map(html_cell) | join(""))</tr>")
       | join("\n")) + "</tbody></table></div>"
  elif .drawing then "<figure class=\"scroll\">\(.drawing.svg)</figure>"
  elif .html then .html
  else empty end;

# No script runs and nothing is fetched, whatever a text may hold.
def to_html($title; $css):
  "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
  + "<meta name=\"viewport\" content=\"width=device-width\">\n"
  + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
  + "'none'; style-src 'unsafe-inline'\">\n"
  + "<title>\($title | flat | @html)</title>\n<style>\n\($css)</style>\n"
  + "</head>\n<body>\n" + (map(html_block) | join("\n")) + "\n</body>\n</html>";
