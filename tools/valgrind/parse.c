/*
 * Expat's callbacks that put vg_records together.
 *
 * The file is read as ISO-8859-1, whatever it says: any byte is then a
 * character, so a file name in another encoding cannot end the reading. The
 * texts are turned back into the bytes that they were.
 */
#include "vgxml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 16 };

struct text {
    char *bytes;
    size_t used, room;
};

struct parser {
    XML_Parser expat;
    struct vg_run *run;
    void (*record)(const struct vg_record *r, void *arg);
    void *arg;
    char *open[DEPTH]; /* names of the open elements */
    int depth;
    struct text text; /* of the innermost element */
    struct vg_record now;
    bool in_record, in_stack;
};

static void *must(void *memory)
{
    if (!memory) {
        fputs("rl-vgxml: out of memory\n", stderr);
        exit(70);
    }
    return memory;
}

static void text_add(struct text *text, char byte)
{
    if (text->used + 1 >= text->room) {
        text->room = text->room ? 2 * text->room : 256;
        text->bytes = must(realloc(text->bytes, text->room));
    }
    text->bytes[text->used++] = byte;
    text->bytes[text->used] = '\0';
}

static void text_clear(struct text *text)
{
    text->used = 0;
    if (text->bytes) {
        text->bytes[0] = '\0';
    }
}

/* A copy without the white space around it. */
static char *text_copy(const struct text *text)
{
    const char *from = text->bytes ? text->bytes : "";
    size_t length;

    from += strspn(from, " \t\r\n");
    length = strlen(from);
    while (length && strchr(" \t\r\n", from[length - 1])) {
        length--;
    }
    return must(strndup(from, length));
}

static void characters(void *data, const XML_Char *bytes, int length)
{
    struct parser *p = data;

    for (int i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];

        /* Two bytes of UTF-8 hold one byte of the file. */
        if (c >= 0xc2 && c <= 0xc3 && i + 1 < length) {
            c = (unsigned char)((c & 3) << 6 | (bytes[++i] & 0x3f));
        }
        text_add(&p->text, (char)c);
    }
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++) {
        if (strcmp(name, *names) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_record(const char *name)
{
    return is_one_of(name, (const char *const[]){"error", "announcethread",
                                                 "fatal_signal", NULL});
}

static bool is_text(const char *name)
{
    return is_one_of(name, (const char *const[]){"what", "xwhat", "auxwhat",
                                                 "xauxwhat", NULL});
}

static const char *parent(const struct parser *p)
{
    return p->depth > 0 && p->depth <= DEPTH ? p->open[p->depth - 1] : "";
}

static struct vg_item *last_item(struct parser *p)
{
    return p->now.nitems ? &p->now.items[p->now.nitems - 1] : NULL;
}

static void add_item(struct parser *p)
{
    struct vg_item *item;

    p->now.items = must(
        reallocarray(p->now.items, p->now.nitems + 1, sizeof(*p->now.items)));
    item = &p->now.items[p->now.nitems++];
    memset(item, 0, sizeof(*item));
    item->section = must(strdup(parent(p)));
}

static void add_frame(struct vg_item *stack)
{
    stack->frames = must(reallocarray(stack->frames, stack->nframes + 1,
                                      sizeof(*stack->frames)));
    memset(&stack->frames[stack->nframes++], 0, sizeof(*stack->frames));
}

static void free_record(struct vg_record *r)
{
    for (size_t i = 0; i < r->nitems; i++) {
        struct vg_item *item = &r->items[i];

        for (size_t k = 0; k < item->nframes; k++) {
            free(item->frames[k].obj);
            free(item->frames[k].fn);
            free(item->frames[k].dir);
            free(item->frames[k].file);
        }
        free(item->frames);
        free(item->section);
        free(item->text);
    }
    free(r->items);
    free(r->type);
    free(r->kind);
    free(r->signal);
    memset(r, 0, sizeof(*r));
}

static void start_element(void *data, const XML_Char *name,
                          const XML_Char **attributes)
{
    struct parser *p = data;

    (void)attributes;
    text_clear(&p->text);
    if (!p->in_record && is_record(name)) {
        p->in_record = true;
        p->now.type = must(strdup(name));
    } else if (p->in_record && is_text(name)) {
        add_item(p);
        last_item(p)->text = must(strdup(""));
    } else if (p->in_record && strcmp(name, "stack") == 0) {
        add_item(p);
        p->in_stack = true;
    } else if (p->in_stack && strcmp(name, "frame") == 0) {
        add_frame(last_item(p));
    }
    if (p->depth < DEPTH) {
        p->open[p->depth] = must(strdup(name));
    }
    p->depth++;
}

static void replace(char **field, const struct text *text)
{
    free(*field);
    *field = text_copy(text);
}

static void end_in_frame(struct parser *p, const char *name)
{
    struct vg_item *stack = last_item(p);
    struct vg_frame *frame;
    const char *text = p->text.bytes ? p->text.bytes : "";

    if (!stack->nframes) {
        return;
    }
    frame = &stack->frames[stack->nframes - 1];
    if (strcmp(name, "ip") == 0) {
        frame->ip = strtoull(text, NULL, 16);
    } else if (strcmp(name, "obj") == 0) {
        replace(&frame->obj, &p->text);
    } else if (strcmp(name, "fn") == 0) {
        replace(&frame->fn, &p->text);
    } else if (strcmp(name, "dir") == 0) {
        replace(&frame->dir, &p->text);
    } else if (strcmp(name, "file") == 0) {
        replace(&frame->file, &p->text);
    } else if (strcmp(name, "line") == 0) {
        frame->line = atoi(text);
    }
}

static void end_in_record(struct parser *p, const char *name)
{
    struct vg_item *item = last_item(p);
    int number = atoi(p->text.bytes ? p->text.bytes : "");

    if (strcmp(name, "stack") == 0) {
        p->in_stack = false;
    } else if (p->in_stack) {
        end_in_frame(p, name);
    } else if (item && item->text &&
               (strcmp(name, "text") == 0 || is_text(name))) {
        if (p->text.used && !item->text[0]) {
            replace(&item->text, &p->text);
        }
    } else if (strcmp(name, "hthreadid") == 0 && item && is_text(parent(p))) {
        if (item->nthreads < 2) {
            item->threads[item->nthreads++] = number;
        }
    } else if (strcmp(name, "hthreadid") == 0) {
        p->now.thread = number;
    } else if (strcmp(name, "kind") == 0) {
        replace(&p->now.kind, &p->text);
    } else if (strcmp(name, "signame") == 0) {
        replace(&p->now.signal, &p->text);
    } else if (strcmp(name, "tid") == 0) {
        p->now.tid = number;
    }
}

static void end_outside(struct parser *p, const char *name)
{
    const char *text = p->text.bytes ? p->text.bytes : "";

    if (strcmp(name, "protocoltool") == 0) {
        snprintf(p->run->tool, sizeof(p->run->tool), "%s", text);
    } else if (strcmp(name, "exe") == 0 && strcmp(parent(p), "argv") == 0) {
        const char *slash = strrchr(text, '/');

        snprintf(p->run->program, sizeof(p->run->program), "%s",
                 slash ? slash + 1 : text);
    } else if (strcmp(name, "state") == 0) {
        p->run->finished = strcmp(text, "FINISHED") == 0;
    }
}

static void end_element(void *data, const XML_Char *name)
{
    struct parser *p = data;

    p->depth--;
    if (p->depth < DEPTH) {
        free(p->open[p->depth]);
    }
    if (p->in_record && is_record(name)) {
        p->record(&p->now, p->arg);
        free_record(&p->now);
        p->in_record = p->in_stack = false;
    } else if (p->in_record) {
        end_in_record(p, name);
    } else {
        end_outside(p, name);
    }
    text_clear(&p->text);
}

/* Bytes that XML does not allow, and that Valgrind should not have written. */
static void soften(char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') {
            bytes[i] = '?';
        }
    }
}

static void feed(struct parser *p, FILE *in)
{
    char chunk[1 << 14];
    size_t length;
    bool last;

    do {
        length = fread(chunk, 1, sizeof(chunk), in);
        last = length < sizeof(chunk);
        soften(chunk, length);
        if (XML_Parse(p->expat, chunk, (int)length, last) != XML_STATUS_OK) {
            snprintf(p->run->trouble, sizeof(p->run->trouble), "line %lu: %s",
                     XML_GetCurrentLineNumber(p->expat),
                     XML_ErrorString(XML_GetErrorCode(p->expat)));
            return;
        }
    } while (!last);
    p->run->whole = true;
}

void vg_read(FILE *in, struct vg_run *run,
             void (*record)(const struct vg_record *r, void *arg), void *arg)
{
    struct parser p = {.run = run, .record = record, .arg = arg};

    memset(run, 0, sizeof(*run));
    p.expat = must(XML_ParserCreate("ISO-8859-1"));
    XML_SetUserData(p.expat, &p);
    XML_SetElementHandler(p.expat, start_element, end_element);
    XML_SetCharacterDataHandler(p.expat, characters);
    feed(&p, in);
    while (p.depth > 0) {
        p.depth--;
        if (p.depth < DEPTH) {
            free(p.open[p.depth]);
        }
    }
    free_record(&p.now);
    free(p.text.bytes);
    XML_ParserFree(p.expat);
}
