# rl-vgxml: Helgrind's and DRD's XML as findings.
VG_READER := $(patsubst %,build/obj/valgrind/%.o,file parse findings \
	meanings places)
VGXML := build/obj/valgrind/rl-vgxml.o $(VG_READER)
TOOLS += build/bin/rl-vgxml

build/obj/valgrind/%.o: tools/valgrind/%.c \
		$(wildcard tools/valgrind/*.h tools/core/*.h)
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) -D_GNU_SOURCE $(CFLAGS) -c -o $@ $<

build/bin/rl-vgxml: $(VGXML) build/lib/libcore.a
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) $(LDFLAGS) -o $@ $^ -lexpat -ldw -lelf -ljansson
