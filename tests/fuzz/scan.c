/*
 * The source of a submission, as written (first byte even) or as its
 * preprocessor leaves it.
 *
 * with: scan/lexer scan/scan scan/rules scan/facts
 * links: -ljansson
 */
#include "fuzz.h"

#include "../../tools/scan/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scan scan = {0};

    if (size == 0)
        return 0;
    (data[0] & 1 ? scan_code : scan_raw)(&scan, (const char *)data + 1,
                                         size - 1, "./a.c");
    json_decref(facts_json(&scan.facts));
    scan_free(&scan);
    return 0;
}
