// Which code is the program's, from DWARF, and its text, from objdump.
//
// The program's own units are those that are not of the explorer's library;
// a function of theirs has a line for each place that is said.

#include "gaps.h"

#include "code.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct function {
    uint64_t low, high;
    Dwarf_Die unit;
    const char *name;
    bool ours, returns_in_memory;
    struct code_local *local;
    size_t nlocals;
};

struct look {
    Elf *elf;
    Dwarf *dwarf;
    gaps_say *say;
    void *ctx;
    struct function *function; // sorted by address
    size_t nfunctions, room;
    struct {
        uint64_t low, high;
    } constant[64]; // sections
    size_t nconstants;
    struct insn *in; // of the function at hand
    size_t n, in_room;
    const struct function *now;
    struct {
        const char *file;
        int line;
        bool write;
    } last[2][2]; // what was said last, by write and frame
    bool ours;    // the unit that is being read is the explorer's
    int said;
};

static void *more(void *p, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return p;
    *room = *room ? *room * 2 : 64;
    p = realloc(p, *room * size);
    if (!p)
        abort();
    return p;
}

// A struct of more than 16 bytes comes back through memory (System V ABI for
// AMD64, 3.2.3).
static bool returns_in_memory(Dwarf_Die *function)
{
    Dwarf_Attribute attribute;
    Dwarf_Die type;

    if (!dwarf_attr_integrate(function, DW_AT_type, &attribute) ||
        !dwarf_formref_die(&attribute, &type) ||
        dwarf_peel_type(&type, &type) != 0)
        return false;
    switch (dwarf_tag(&type)) {
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
    case DW_TAG_array_type:
        return dwarf_bytesize(&type) > 16;
    case DW_TAG_base_type: // a complex number of two long doubles
        return dwarf_bytesize(&type) > 16;
    default:
        return false;
    }
}

// Where the frame base lies from the frame pointer on: -O0 keeps one.
static bool frame_base(Dwarf_Die *function, int64_t *off)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *op;
    size_t n;

    if (!dwarf_attr(function, DW_AT_frame_base, &attribute) ||
        dwarf_getlocation(&attribute, &op, &n) || n != 1)
        return false;
    // The caller's frame begins above the saved pointer and return address.
    *off = op->atom == DW_OP_call_frame_cfa ? 16 : 0;
    return op->atom == DW_OP_call_frame_cfa || op->atom == DW_OP_reg6;
}

static bool is_va_list(Dwarf_Die *type)
{
    Dwarf_Attribute attribute;
    Dwarf_Die element;
    const char *name;

    if (dwarf_peel_type(type, type) || dwarf_tag(type) != DW_TAG_array_type ||
        !dwarf_attr_integrate(type, DW_AT_type, &attribute) ||
        !dwarf_formref_die(&attribute, &element) ||
        dwarf_peel_type(&element, &element))
        return false;
    name = dwarf_diename(&element);
    return name && !strcmp(name, "__va_list_tag");
}

static void add_local(struct function *f, size_t *room, Dwarf_Die *die,
                      int64_t base)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *op;
    Dwarf_Word size = 0;
    Dwarf_Die type;
    size_t n;

    if (!dwarf_attr_integrate(die, DW_AT_location, &attribute) ||
        dwarf_getlocation(&attribute, &op, &n) || n != 1 ||
        op->atom != DW_OP_fbreg ||
        !dwarf_attr_integrate(die, DW_AT_type, &attribute) ||
        !dwarf_formref_die(&attribute, &type) ||
        dwarf_aggregate_size(&type, &size))
        return;
    f->local = more(f->local, f->nlocals, room, sizeof *f->local);
    base += (int64_t)op->number;
    f->local[f->nlocals++] =
        (struct code_local){base, base + (int64_t)size, is_va_list(&type)};
}

static void add_locals(struct function *f, size_t *room, Dwarf_Die *parent,
                       int64_t base)
{
    Dwarf_Die die;

    if (dwarf_child(parent, &die))
        return;
    do {
        int tag = dwarf_tag(&die);

        if (tag == DW_TAG_variable || tag == DW_TAG_formal_parameter)
            add_local(f, room, &die, base);
        else if (tag == DW_TAG_lexical_block)
            add_locals(f, room, &die, base);
    } while (dwarf_siblingof(&die, &die) == 0);
}

static int add_function(Dwarf_Die *die, void *arg)
{
    struct look *look = arg;
    struct function *f;
    Dwarf_Addr low, high;
    size_t room = 0;
    int64_t base;

    if (dwarf_lowpc(die, &low) || dwarf_highpc(die, &high))
        return DWARF_CB_OK;
    look->function = more(look->function, look->nfunctions, &look->room,
                          sizeof *look->function);
    f = &look->function[look->nfunctions++];
    *f = (struct function){.low = low,
                           .high = high,
                           .name = dwarf_diename(die),
                           .ours = look->ours,
                           .returns_in_memory = returns_in_memory(die)};
    dwarf_diecu(die, &f->unit, NULL, NULL);
    if (!look->ours && frame_base(die, &base))
        add_locals(f, &room, die, base);
    return DWARF_CB_OK;
}

static bool is_ours(Dwarf_Die *unit)
{
    const char *name = dwarf_diename(unit);

    return name && !strncmp(name, "tools/explore/", 14);
}

static int by_low(const void *a, const void *b)
{
    const struct function *x = a, *y = b;

    return (x->low > y->low) - (x->low < y->low);
}

static bool find_functions(struct look *look)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die die, sub;
    uint8_t kind;
    Dwarf_Half version;
    bool any = false;

    while (dwarf_get_units(look->dwarf, unit, &unit, &version, &kind, &die,
                           &sub) == 0)
        if (dwarf_tag(&die) == DW_TAG_compile_unit) {
            look->ours = is_ours(&die);
            any = any || !look->ours;
            dwarf_getfuncs(&die, add_function, look, 0);
        }
    qsort(look->function, look->nfunctions, sizeof *look->function, by_low);
    return any && look->nfunctions > 0;
}

static const struct function *function_at(const struct look *look, uint64_t pc)
{
    for (size_t low = 0, high = look->nfunctions; low < high;) {
        size_t mid = (low + high) / 2;
        const struct function *f = &look->function[mid];

        if (pc < f->low)
            high = mid;
        else if (pc >= f->high)
            low = mid + 1;
        else
            return f;
    }
    return NULL;
}

// Sections that are read-only, or made so before main.
static void find_constants(struct look *look)
{
    static const char *const relocated[] = {".got", ".got.plt", ".data.rel.ro",
                                            ".dynamic"};
    Elf_Scn *section = NULL;
    size_t names;

    if (elf_getshdrstrndx(look->elf, &names))
        return;
    while ((section = elf_nextscn(look->elf, section))) {
        GElf_Shdr head;
        const char *name;
        bool fixed;

        if (!gelf_getshdr(section, &head) || !(head.sh_flags & SHF_ALLOC) ||
            look->nconstants == 64)
            continue;
        name = elf_strptr(look->elf, names, head.sh_name);
        fixed = !(head.sh_flags & SHF_WRITE);
        for (size_t i = 0; name && i < sizeof relocated / sizeof *relocated;
             i++)
            fixed = fixed || !strcmp(name, relocated[i]);
        if (!fixed)
            continue;
        look->constant[look->nconstants].low = head.sh_addr;
        look->constant[look->nconstants++].high = head.sh_addr + head.sh_size;
    }
}

static bool is_constant(void *ctx, uint64_t addr)
{
    const struct look *look = ctx;

    for (size_t i = 0; i < look->nconstants; i++)
        if (addr >= look->constant[i].low && addr < look->constant[i].high)
            return true;
    return false;
}

static bool result_in_memory(void *ctx, uint64_t at)
{
    const struct function *f = function_at(ctx, at);

    return f && f->low == at && f->returns_in_memory;
}

static void say(void *ctx, uint64_t at, bool write, bool frame)
{
    struct look *look = ctx;
    struct function f = *look->now;
    struct gap gap = {.function = f.name, .write = write, .frame = frame};
    Dwarf_Line *line = dwarf_getsrc_die(&f.unit, at);

    if (line) {
        gap.file = dwarf_linesrc(line, NULL, NULL);
        dwarf_lineno(line, &gap.line);
        if (look->last[write][frame].file == gap.file &&
            look->last[write][frame].line == gap.line)
            return;
        look->last[write][frame].file = gap.file;
        look->last[write][frame].line = gap.line;
    }
    look->said++;
    look->say(look->ctx, &gap);
}

static void check_function(struct look *look)
{
    const struct function *now = look->now;
    struct code_asks asks = {
        .constant = is_constant,
        .returns_in_memory = result_in_memory,
        .say = say,
        .ctx = look,
    };

    if (look->n && now) {
        struct code_function f = {
            .in = look->in,
            .n = look->n,
            .local = now->local,
            .nlocals = now->nlocals,
            .returns_in_memory = now->returns_in_memory,
        };

        code_check(&f, &asks);
    }
    look->n = 0;
}

// What the compiler and the C library add to every program.
static bool is_start_code(const char *name)
{
    static const char *const names[] = {"_start",
                                        "_init",
                                        "_fini",
                                        "_dl_relocate_static_pie",
                                        "frame_dummy",
                                        "register_tm_clones",
                                        "deregister_tm_clones",
                                        "tsan.module_ctor"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return true;
    return !strncmp(name, "__", 2) || !strncmp(name, "_sub_I_", 7);
}

// Code without debug information, out of an archive say: it was not built by
// us, so it has no hooks.
static void check_foreign(struct look *look)
{
    Elf_Scn *section = NULL;
    GElf_Shdr head;
    GElf_Sym sym;

    while ((section = elf_nextscn(look->elf, section))) {
        Elf_Data *data = elf_getdata(section, NULL);

        if (!gelf_getshdr(section, &head) || head.sh_type != SHT_SYMTAB)
            continue;
        for (int i = 1; data && gelf_getsym(data, i, &sym); i++) {
            const char *name = elf_strptr(look->elf, head.sh_link, sym.st_name);
            struct gap gap = {.function = name};

            if (GELF_ST_TYPE(sym.st_info) != STT_FUNC || !sym.st_value ||
                !sym.st_size || function_at(look, sym.st_value) ||
                is_start_code(name))
                continue;
            look->said++;
            look->say(look->ctx, &gap);
        }
    }
}

static FILE *disassemble(const char *binary, pid_t *pid)
{
    char *argv[] = {"objdump", "-d", "--no-show-raw-insn", "-w", "--",
                    NULL,      NULL};
    posix_spawn_file_actions_t actions;
    int ends[2], err;

    argv[5] = (char *)binary;
    if (pipe2(ends, O_CLOEXEC))
        return NULL;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    err = posix_spawnp(pid, "objdump", &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (!err)
        return fdopen(ends[0], "r");
    close(ends[0]);
    errno = err;
    return NULL;
}

static bool check_code(struct look *look, const char *binary)
{
    char *line = NULL;
    size_t room = 0;
    bool any = false;
    int status = -1;
    pid_t pid;
    FILE *f = disassemble(binary, &pid);

    if (!f)
        return false;
    while (getline(&line, &room, f) >= 0) {
        struct insn in;
        const struct function *at;

        if (!code_parse(line, &in))
            continue;
        at = function_at(look, in.at);
        if (at && at->ours)
            at = NULL;
        if (at != look->now) {
            check_function(look);
            look->now = at;
        }
        if (!at)
            continue;
        any = true;
        look->in = more(look->in, look->n, &look->in_room, sizeof *look->in);
        look->in[look->n++] = in;
    }
    check_function(look);
    free(line);
    fclose(f);
    waitpid(pid, &status, 0);
    return any && status == 0;
}

static bool is_x86_64(Elf *elf)
{
    GElf_Ehdr head;

    return elf && gelf_getehdr(elf, &head) && head.e_machine == EM_X86_64;
}

int gaps_find(const char *binary, gaps_say *each, void *ctx, char *why,
              unsigned size)
{
    struct look look = {.say = each, .ctx = ctx, .said = 0};
    int fd = open(binary, O_RDONLY | O_CLOEXEC), said = -1;

    elf_version(EV_CURRENT);
    look.elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
    look.dwarf =
        look.elf ? dwarf_begin_elf(look.elf, DWARF_C_READ, NULL) : NULL;
    if (fd < 0) {
        snprintf(why, size, "%s", strerror(errno));
    } else if (!is_x86_64(look.elf)) {
        snprintf(why, size, "not a program for x86-64");
    } else if (!look.dwarf || !find_functions(&look)) {
        snprintf(why, size, "no debug information for its functions");
    } else {
        find_constants(&look);
        check_foreign(&look);
        if (check_code(&look, binary))
            said = look.said;
        else
            snprintf(why, size, "objdump does not read it");
    }
    free(look.in);
    for (size_t i = 0; i < look.nfunctions; i++)
        free(look.function[i].local);
    free(look.function);
    if (look.dwarf)
        dwarf_end(look.dwarf);
    elf_end(look.elf);
    if (fd >= 0)
        close(fd);
    return said;
}
