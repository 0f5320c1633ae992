// An instruction from a line of `objdump -d --no-show-raw-insn`, AT&T syntax.

#include "code.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_prefixes(const char *s)
{
    static const char *const prefixes[] = {
        "lock ", "rep ",    "repz ", "repnz ", "bnd ", "notrack ",
        "cs ",   "data16 ", "ds ",   "es ",    "fs ",  "addr32 "};

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t n = strlen(prefixes[i]);

        if (!strncmp(s, prefixes[i], n)) {
            s += n;
            s += strspn(s, " ");
            i = (size_t)-1;
        }
    }
    return s;
}

// Cuts at commas that are not inside parentheses.
static void split(struct insn *in, const char *s, size_t n)
{
    int depth = 0;
    size_t from = 0;

    for (size_t i = 0; i <= n && in->n < OPERANDS; i++) {
        char c = i < n ? s[i] : ',';
        size_t size = i - from < TEXT - 1 ? i - from : TEXT - 1;

        depth += (c == '(') - (c == ')');
        if (c != ',' || (depth && i < n))
            continue;
        memcpy(in->operand[in->n], s + from, size);
        in->operand[in->n++][size] = 0;
        from = i + 1;
    }
}

bool code_parse(const char *line, struct insn *in)
{
    const char *s, *end, *remark;
    char *colon;
    size_t n;

    memset(in, 0, sizeof *in);
    if (line[0] != ' ')
        return false;
    in->at = strtoull(line, &colon, 16);
    if (*colon != ':' || colon[1] != '\t')
        return false;
    s = skip_prefixes(colon + 2);
    n = strcspn(s, " \t\n");
    memcpy(in->name, s, n < sizeof in->name ? n : sizeof in->name - 1);
    s += n;
    s += strspn(s, " \t");
    remark = strstr(s, " # ");
    if (remark)
        in->about = strtoull(remark + 3, NULL, 16);
    end = remark ? remark : s + strcspn(s, "\n");
    while (end > s && isspace((unsigned char)end[-1]))
        end--;
    // "1234 <name+0x8>" is one operand, whatever the name holds.
    if (end > s && end[-1] == '>') {
        n = (size_t)(end - s) < TEXT - 1 ? (size_t)(end - s) : TEXT - 1;
        memcpy(in->operand[0], s, n);
        in->n = 1;
    } else if (end > s) {
        split(in, s, (size_t)(end - s));
    }
    return true;
}
