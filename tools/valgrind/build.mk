# rl-vgxml: Helgrind's and DRD's XML as findings.
VGXML := build/obj/valgrind/rl-vgxml.o build/obj/valgrind/parse.o \
	build/obj/valgrind/findings.o build/obj/valgrind/meanings.o \
	build/obj/valgrind/places.o
TOOLS += build/bin/rl-vgxml

build/obj/valgrind/%.o: tools/valgrind/%.c \
		$(wildcard tools/valgrind/*.h tools/core/*.h)
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) -D_GNU_SOURCE $(CFLAGS) -c -o $@ $<

build/bin/rl-vgxml: $(VGXML) build/lib/libcore.a
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) $(LDFLAGS) -o $@ $^ -lexpat -ldw -lelf -ljansson
