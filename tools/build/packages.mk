# SPDX-License-Identifier: MIT
# Debian packages that a step needs. The stamp is redone when this list changes.

# Who builds packages has seen to it, and sets this to true.
NEED ?= tools/build/need

PACKAGES_build := g++ libc6-dev libcli11-dev systemtap-sdt-dev
PACKAGES_bpf := clang bpftool libbpf-dev libc6-dev
PACKAGES_module := gcc gcc-12 libc6-dev make kmod
PACKAGES_test := libgtest-dev liburing-dev pkgconf cmake jq mandoc bsdextrautils systemd bpftrace python3-jsonschema gdb
PACKAGES_bench := libcli11-dev gnuplot-nox libboost-dev libck-dev libdpdk-dev pkgconf
PACKAGES_sanitize := libasan8 liblsan0 libtsan2 libubsan1
PACKAGES_fuzz := clang libclang-rt-dev llvm libc6-dev libstdc++-12-dev systemtap-sdt-dev
PACKAGES_valgrind := valgrind
PACKAGES_deb := dpkg-dev debhelper dh-dkms fakeroot lintian $(PACKAGES_build) $(PACKAGES_bpf) $(PACKAGES_test)
PACKAGES_rpm := rpm $(PACKAGES_build) $(PACKAGES_bpf)
PACKAGES_packages := util-linux qemu-system-x86
PACKAGES_lint := clang-format clang-tidy shellcheck sparse codespell perl

$(B)/have-%: tools/build/packages.mk
	@mkdir -p $(@D)
	@$(NEED) $(PACKAGES_$*)
	@touch $@
.PRECIOUS: $(B)/have-%
