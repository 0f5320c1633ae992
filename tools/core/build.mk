# rl-run, the recorder that is linked into programs, and libcore.a: what
# other tools share (findings, symbols; link it with -ldw -lelf -ljansson).
CORE_CFLAGS := $(TOOL_CFLAGS) -D_GNU_SOURCE
CORE_SHARED := build/obj/core/finding.o build/obj/core/symbols.o
TOOLS += build/lib/libcore.a

build/obj/core/%.o: tools/core/%.c $(wildcard tools/core/*.h)
	@mkdir -p $(@D)
	$(CC) $(CORE_CFLAGS) $(CFLAGS) -c -o $@ $<

build/lib/libcore.a: $(CORE_SHARED)
	@mkdir -p $(@D)
	rm -f $@ && ar rcs $@ $^
