# SPDX-License-Identifier: MIT
#
# What is missing on the machine is installed on the way, by name; everything
# that is made goes to $(BUILD). `make help` lists the targets.

BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
# The Debian kernel of the VM; tests/vm/kernel knows which there are.
KERNEL ?= 6.1
# The kernel of this machine, where the module can be built for it.
KERNELDIR ?= /lib/modules/$(shell uname -r)/build

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
ABI := 0

CC = gcc
CXX = g++
CFLAGS ?= -O2 -g
CXXFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wshadow
BASE := -std=c++20 $(WARN) -Iinclude -DMSGQ_VERSION='"$(VERSION)"' -MMD -MP

# make V=1 shows the commands; otherwise a line says what is made.
Q := $(if $(V),,@)
say = @echo '  $(1)	$(2)'

export BUILD KERNEL

.PHONY: all lib tools tests module help
all: lib tools $(if $(wildcard $(KERNELDIR)/Makefile),module-host)

include tools/build/packages.mk

# ---- the library: no C++ runtime, only libc ---------------------------------

LIB_SO := libmsgqipc.so.$(VERSION)
LIB_FLAGS := -fPIC -ftls-model=initial-exec -fvisibility=hidden -fno-exceptions -fno-rtti -fno-threadsafe-statics
LIB_OBJECTS := $(patsubst %.cc,$(BUILD)/obj/%.o,$(sort $(wildcard lib/*.cc)))

lib: $(BUILD)/lib/libmsgqipc.so $(BUILD)/lib/libmsgqipc.a $(BUILD)/lib/msgqipc.pc

$(BUILD)/obj/lib/%.o: lib/%.cc Makefile | $(BUILD)/have-build
	@mkdir -p $(@D)
	$(call say,CXX,$<)
	$(Q)$(CXX) $(BASE) $(LIB_FLAGS) $(CXXFLAGS) -c -o $@ $<

# Linked by the C driver, so that the C++ runtime cannot come in unnoticed.
$(BUILD)/lib/$(LIB_SO): $(LIB_OBJECTS) lib/libmsgqipc.map
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -shared -Wl,-soname,libmsgqipc.so.$(ABI) -Wl,--version-script=lib/libmsgqipc.map \
		-Wl,-z,defs -Wl,-z,relro -Wl,-z,now $(LDFLAGS) -o $@ $(LIB_OBJECTS)

$(BUILD)/lib/libmsgqipc.so: $(BUILD)/lib/$(LIB_SO)
	@ln -sf $(LIB_SO) $(BUILD)/lib/libmsgqipc.so.$(ABI)
	@ln -sf libmsgqipc.so.$(ABI) $@

$(BUILD)/lib/libmsgqipc.a: $(LIB_OBJECTS)
	@mkdir -p $(@D)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

$(BUILD)/lib/msgqipc.pc: lib/msgqipc.pc.in dkms.conf Makefile
	@mkdir -p $(@D)
	@sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' $< >$@

# ---- programs: a directory of sources is a program -------------------------

$(BUILD)/obj/%.o: %.cc Makefile | $(BUILD)/have-build
	@mkdir -p $(@D)
	$(call say,CXX,$<)
	$(Q)$(CXX) $(BASE) $(CXXFLAGS) -c -o $@ $<

objects = $(patsubst %.cc,$(BUILD)/obj/%.o,$(sort $(wildcard $(1)/*.cc)))
LINK_LIB = -L$(BUILD)/lib -lmsgqipc -Wl,-rpath,'$$ORIGIN/../lib'

TOOLS := $(BUILD)/bin/msgqctl
tools: $(TOOLS)

$(BUILD)/bin/%: $(BUILD)/lib/libmsgqipc.so
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CXX) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LINK_LIB)
$(BUILD)/bin/msgqctl: $(call objects,tools/msgqctl)

# Each directory of tests with sources is one GoogleTest program.
TEST_DIRS := $(patsubst %/,%,$(sort $(dir $(wildcard tests/*/*_test.cc))))
TEST_PROGRAMS := $(patsubst tests/%,$(BUILD)/tests/%,$(TEST_DIRS))
tests: $(TEST_PROGRAMS) $(BUILD)/tests/readme

$(foreach d,$(TEST_DIRS),$(eval $(BUILD)/tests/$(notdir $(d)): $(call objects,$(d))))
$(foreach d,$(TEST_DIRS),$(eval $(call objects,$(d)): | $(BUILD)/have-test))

$(TEST_PROGRAMS): $(BUILD)/lib/libmsgqipc.so
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CXX) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LINK_LIB) -lgtest -lgtest_main -pthread

# The program that README.md shows, taken from it.
$(BUILD)/tests/readme: README.md tests/readme/extract $(BUILD)/lib/libmsgqipc.so
	@mkdir -p $(@D)
	$(call say,CC,README.md)
	@tests/readme/extract README.md >$@.c
	$(Q)$(CC) -std=c11 $(WARN) -Werror -Iinclude -o $@ $@.c $(LINK_LIB)

BENCHES := $(patsubst tests/bench/%.cc,$(BUILD)/bench/%,$(wildcard tests/bench/*_bench.cc))
$(BENCHES): $(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(BUILD)/lib/libmsgqipc.so
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CXX) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LINK_LIB) -pthread

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# ---- the module ---------------------------------------------------------------

# Built in a copy, one for each kernel, so that they do not get in each
# other's way and the sources stay clean.
KMOD_SOURCES := Kbuild dkms.conf $(wildcard kmod/*.[ch] include/msgq/*.h include/uapi/linux/*.h)
# $(1) name, $(2) directory of the kernel's build tree
define build-module
	@mkdir -p $(BUILD)/kmod/$(1)
	@cp -u --parents $(KMOD_SOURCES) $(BUILD)/kmod/$(1)/
	+$(MAKE) -C $(2) M=$(abspath $(BUILD)/kmod/$(1)) modules
endef

module: $(BUILD)/kmod/$(KERNEL)/msgq.ko

$(BUILD)/kmod/$(KERNEL)/msgq.ko: $(KMOD_SOURCES) | $(BUILD)/have-module
	@tests/vm/kernel $(KERNEL) >/dev/null
	$(call build-module,$(KERNEL),$(abspath $(BUILD)/kernels/$(KERNEL)/headers))

.PHONY: module-host
module-host: $(BUILD)/kmod/host/msgq.ko
$(BUILD)/kmod/host/msgq.ko: $(KMOD_SOURCES) | $(BUILD)/have-module
	$(call build-module,host,$(KERNELDIR))

# ---- the main job, the tests, the VM ------------------------------------------

.PHONY: demo check bench lint vm shell clean
demo: tools ## move a file through a queue, with a sender killed on the way
	@tools/demo/run $(FILE)

check: lib tools tests module | $(BUILD)/have-test ## build and run all tests; the last line counts them
	@tests/check

bench: $(BENCHES) ## measure the ring against the limits of this machine
	@$(foreach b,$(BENCHES),$(b) &&) true

lint: lib tools tests module | $(BUILD)/have-lint ## all style and static checks
	@tools/build/lint

vm: module ## run CMD='...' in a VM with the module loaded
	@test -n "$(CMD)" || { echo "make vm: CMD is empty; say what to run: make vm CMD='msgqctl list'"; exit 2; }
	PATH="$(abspath $(BUILD)/bin):$$PATH" tests/vm/run --kernel $(KERNEL) -- sh -c '$(subst ','\'',$(CMD))'

shell: tools module ## an interactive shell in such a VM
	PATH="$(abspath $(BUILD)/bin):$$PATH" tests/vm/run --kernel $(KERNEL) --shell

clean: ## remove what was built; kernels fetched stay
	find $(BUILD) -mindepth 1 -maxdepth 1 ! -name kernels -exec rm -rf {} +

# ---- installing ------------------------------------------------------------------

# One list, used in both directions: kind, source, destination below PREFIX.
INSTALL_LIST = \
	data include/msgqipc.h include/msgqipc.h \
	$(foreach h,$(wildcard include/msgq/*.h),data $(h) $(h)) \
	data include/uapi/linux/msgq.h include/linux/msgq.h \
	data $(BUILD)/lib/msgqipc.pc lib/pkgconfig/msgqipc.pc \
	data $(BUILD)/lib/libmsgqipc.a lib/libmsgqipc.a \
	data $(BUILD)/lib/$(LIB_SO) lib/$(LIB_SO) \
	link $(LIB_SO) lib/libmsgqipc.so.$(ABI) \
	link libmsgqipc.so.$(ABI) lib/libmsgqipc.so \
	$(foreach t,$(TOOLS),program $(t) bin/$(notdir $(t)))

.PHONY: install uninstall
install: lib tools ## library, headers and tools to DESTDIR and PREFIX
	@tools/build/install add '$(DESTDIR)$(PREFIX)' $(INSTALL_LIST)
	@test -n '$(DESTDIR)' || ldconfig || true

uninstall: ## what install put there
	@tools/build/install remove '$(DESTDIR)$(PREFIX)' $(INSTALL_LIST)

help: ## this list
	@echo 'make              build library and tools, and the module if this kernel has headers'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 18
	@echo 'Variables: BUILD PREFIX DESTDIR KERNEL FILE HOST=module|vm V=1'
