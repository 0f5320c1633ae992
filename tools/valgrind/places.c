/*
 * Places, variables and locks of a record by name.
 */
#include "places.h"

#include <stdlib.h>
#include <string.h>

bool vg_has(const char *text, const char *words)
{
    return text && strcasestr(text, words);
}

const struct vg_item *vg_stack(const struct vg_record *r, size_t n)
{
    for (size_t i = 0; i < r->nitems; i++) {
        if (!r->items[i].text && n-- == 0) {
            return &r->items[i];
        }
    }
    return NULL;
}

const struct vg_item *vg_find_text(const struct vg_record *r, const char *words)
{
    for (size_t i = 0; i < r->nitems; i++) {
        if (r->items[i].text && (!words || vg_has(r->items[i].text, words))) {
            return &r->items[i];
        }
    }
    return NULL;
}

const struct vg_item *vg_stack_after(const struct vg_record *r,
                                     const struct vg_item *item)
{
    for (; item && item < r->items + r->nitems; item++) {
        if (!item->text) {
            return item;
        }
    }
    return NULL;
}

static bool is_students(const struct vg_translator *t,
                        const struct vg_frame *frame)
{
    const char *program = t->binary ? t->binary : t->run->program;
    const char *base = symbols_base(frame->obj);

    return frame->file && frame->line > 0 && base &&
           strcmp(base, program) == 0 && !strstr(frame->file, "tools/tsan/");
}

struct vg_place vg_place(const struct vg_translator *t,
                         const struct vg_item *stack)
{
    struct vg_place p = {.line = 0};

    for (size_t i = 0; stack && i < stack->nframes; i++) {
        const struct vg_frame *frame = &stack->frames[i];

        if (!is_students(t, frame)) {
            continue;
        }
        p.root = frame->fn ? frame->fn : "?";
        if (!p.line) {
            p.file = symbols_base(frame->file);
            p.line = frame->line;
            p.function = p.root;
        }
    }
    return p;
}

/* The function of the tool's or libc's that the student vg_called, if any. */
const char *vg_called(const struct vg_item *stack)
{
    return stack && stack->nframes && stack->frames[0].fn ? stack->frames[0].fn
                                                          : "";
}

const char *vg_words(const struct vg_place *p, char *text, size_t size)
{
    if (p->line) {
        snprintf(text, size, "%s (%s:%d)", p->function, p->file, p->line);
    } else {
        snprintf(text, size, "code without source lines");
    }
    return text;
}

struct finding_thread *vg_add_thread(struct finding *f, int number,
                                     const char *op, const struct vg_place *p)
{
    struct finding_thread *thread = finding_add_thread(
        f, number > 0 ? number - 1 : 0, number == 1 ? "main" : p->root, op);

    if (p->line) {
        finding_place(thread, p->file, p->line, p->function);
    }
    return thread;
}

/*
 * How far the loader moved the program: a frame of the student's gives its
 * run-time address and its function, whose address in the file is known.
 */
static bool load_base(const struct vg_translator *t, const struct vg_record *r,
                      uint64_t *base)
{
    *base = 0;
    if (t->fixed) {
        return true;
    }
    for (size_t i = 0; i < r->nitems; i++) {
        for (size_t k = 0; k < r->items[i].nframes; k++) {
            const struct vg_frame *frame = &r->items[i].frames[k];
            uint64_t low, high;

            if (is_students(t, frame) && frame->fn &&
                symbols_function(t->symbols, frame->fn, &low, &high) && high &&
                frame->ip >= low) {
                *base = (frame->ip - low) & ~(uint64_t)0xfff;
                return frame->ip - *base >= low && frame->ip - *base <= high;
            }
        }
    }
    return false;
}

uint64_t vg_address(const char *text, int n)
{
    for (text = strstr(text, "0x"); text; text = strstr(text + 2, "0x")) {
        if (n-- == 0) {
            return strtoull(text, NULL, 16);
        }
    }
    return 0;
}

/* The stack of a section such as first_observed_at, or NULL. */
static const struct vg_item *section_stack(const struct vg_record *r,
                                           const char *section)
{
    for (size_t i = 0; i < r->nitems; i++) {
        if (!r->items[i].text && strcmp(r->items[i].section, section) == 0) {
            return &r->items[i];
        }
    }
    return NULL;
}

/* A variable of the program's with a fixed address. */
static bool name_static(const struct vg_translator *t,
                        const struct vg_record *r, uint64_t address, char *name)
{
    uint64_t base;

    return t->symbols && address && load_base(t, r, &base) && address > base &&
           symbols_object(t->symbols, address - base, name, VG_NAME);
}

/* "Lock at 0x.. was first observed": the N-th of them. */
static const struct vg_item *nth_observed(const struct vg_record *r, size_t n)
{
    for (size_t i = 0; i < r->nitems; i++) {
        if (vg_has(r->items[i].text, "was first observed") && n-- == 0) {
            return &r->items[i];
        }
    }
    return NULL;
}

void vg_name_lock(const struct vg_translator *t, const struct vg_record *r,
                  uint64_t address, size_t n, char name[VG_NAME])
{
    const struct vg_item *text = nth_observed(r, n);
    struct vg_place p =
        vg_place(t, text ? vg_stack_after(r, text)
                         : section_stack(r, "first_observed_at"));

    if (name_static(t, r, address, name)) {
        return;
    }
    if (p.line) {
        snprintf(name, VG_NAME, "the lock first used at %s:%d", p.file, p.line);
    } else {
        snprintf(name, VG_NAME, "a lock");
    }
}

/* Memory from malloc, by the line that asked for it. */
static bool name_block(const struct vg_translator *t, const struct vg_record *r,
                       char *name)
{
    const struct vg_item *text = vg_find_text(r, "alloc'd");
    struct vg_place p =
        vg_place(t, text ? vg_stack_after(r, text)
                         : section_stack(r, "allocation_context"));

    if (p.line) {
        snprintf(name, VG_NAME, "memory allocated at %s:%d", p.file, p.line);
    }
    return p.line > 0;
}

/* "in frame #0, created by main (bank.c:6)" */
static bool name_local(const struct vg_record *r, char *name)
{
    const struct vg_item *text = vg_find_text(r, "'s stack");
    const struct vg_item *owner = vg_find_text(r, "created by ");
    const char *function = owner ? strstr(owner->text, "created by ") : NULL;

    if (function) {
        function += strlen("created by ");
        snprintf(name, VG_NAME, "a local variable of %.*s",
                 (int)strcspn(function, " ("), function);
    } else if (text) {
        snprintf(name, VG_NAME, "a local variable");
    }
    return function || text;
}

/* With --read-var-info the variable stands in the text, quoted or not. */
static void name_from_text(const struct vg_record *r, char *name)
{
    const struct vg_item *text = vg_find_text(r, " inside ");
    const char *in = text ? strstr(text->text, " inside ") : NULL;
    const char *quote;

    if (!in || vg_has(in, "block of size")) {
        return;
    }
    in += strlen(" inside ");
    quote = strchr(in, '"');
    in = quote ? quote + 1 : in;
    snprintf(name, VG_NAME, "%.*s", (int)strcspn(in, "\",\n"), in);
    if (strchr(name, ' ')) {
        name[0] = '\0';
    }
}

void vg_name_variable(const struct vg_translator *t, const struct vg_record *r,
                      char name[VG_NAME])
{
    const struct vg_item *what = vg_find_text(r, NULL);

    name[0] = '\0';
    if ((what && name_static(t, r, vg_address(what->text, 0), name)) ||
        name_block(t, r, name) || name_local(r, name)) {
        return;
    }
    name_from_text(r, name);
}
