# What a program is linked with in addition when a timeline of it is drawn.
TOOLS += build/lib/libio.a build/lib/io.wraps

build/obj/lanes/%.o: tools/lanes/%.c tools/core/record.h tools/core/recorder.h
	@mkdir -p $(@D)
	$(CC) $(CORE_CFLAGS) -fPIC -fexceptions -U_FORTIFY_SOURCE \
		-fno-stack-protector -fno-omit-frame-pointer -gdwarf-4 \
		-c -o $@.$$$$ $< && mv -f $@.$$$$ $@

build/lib/libio.a: build/obj/lanes/wrap_io.o
	@mkdir -p $(@D)
	ar rcs $@.$$$$ $^ && mv -f $@.$$$$ $@

build/lib/io.wraps: build/lib/libio.a
	nm -g --defined-only $< | sed -n 's/.* T __wrap_/-Wl,--wrap=/p' | sort \
		>$@.$$$$ && mv -f $@.$$$$ $@
