// SPDX-License-Identifier: MIT
#include "trace_sight.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/libbpf.h>
#include <msgqipc.h>

#include "exit.h"

namespace
{

const char provider[] = "msgqipc";

std::string last_warning;

int keep_warning(libbpf_print_level level, const char *format, va_list arguments)
{
	char text[512];

	if (level != LIBBPF_WARN)
		return 0;
	vsnprintf(text, sizeof(text), format, arguments);
	last_warning = text;
	last_warning.erase(last_warning.find_last_not_of('\n') + 1);
	return 0;
}

/* The file that the library's own code is in: it, or what it is linked into. */
std::string own_library()
{
	Dl_info found;

	if (!dladdr(reinterpret_cast<void *>(&msgqipc_load), &found) || !found.dli_fname)
		return "/proc/self/exe";
	return found.dli_fname;
}

std::string resolve(const std::string &path)
{
	char *whole = realpath(path.c_str(), nullptr);

	if (!whole || access(whole, R_OK)) {
		int error = errno;

		free(whole);
		throw Failure{ Exit::Failed,
			       "cannot look for probes in " + path + ": " + strerror(error) };
	}
	std::string resolved = whole;

	free(whole);
	return resolved;
}

std::string why_not_probed(int error)
{
	switch (error) {
	case ENOENT:
		return "it has no such probe";
	case ENOEXEC:
	case EBADF:
		return "it is no program or library";
	default:
		return why_not_loaded(error);
	}
}

} // namespace

std::vector<std::string> probed_files(const std::vector<std::string> &files)
{
	std::vector<std::string> found;

	for (const std::string &file : files)
		found.push_back(resolve(file));
	if (found.empty())
		found.push_back(resolve(own_library()));
	return found;
}

Links::~Links()
{
	for (bpf_link *link : links_)
		bpf_link__destroy(link);
}

int Links::tracepoint(bpf_program *program, const std::string &name, uint64_t cookie)
{
	/* Not by LIBBPF_OPTS: clang 19 warns of what that leaves to the initializer. */
	bpf_tracepoint_opts options = {};

	options.sz = sizeof(options);
	options.bpf_cookie = cookie;
	bpf_link *link = bpf_program__attach_tracepoint_opts(program, "msgq",
							     ("msgq_" + name).c_str(), &options);

	if (!link)
		return errno;
	links_.push_back(link);
	return 0;
}

void Links::probes(const std::vector<Probe> &probes, const std::vector<std::string> &files,
		   Sight &sight)
{
	for (const std::string &file : files) {
		std::string missing;
		int error = 0;

		for (const Probe &probe : probes) {
			bpf_link *link = bpf_program__attach_usdt(probe.program, -1, file.c_str(),
								  provider, probe.name, nullptr);

			if (link) {
				links_.push_back(link);
				continue;
			}
			error = errno;
			missing += (missing.empty() ? "" : ", ") + std::string(probe.name);
		}
		if (error)
			sight.unseen.push_back(
				missing.append(" of ").append(file).append(": ").append(
					why_not_probed(error)));
		else
			sight.probed.push_back(file);
	}
}

void silence_libbpf()
{
	libbpf_set_print(keep_warning);
}

std::string why_not_loaded(int error)
{
	switch (error) {
	case EPERM:
	case EACCES:
		return "the kernel does not permit it: be root, or have CAP_BPF and CAP_PERFMON";
	case ENOSYS:
		return "this kernel has no BPF";
	default:
		if (access("/sys/kernel/btf/vmlinux", F_OK))
			return "this kernel does not tell its types: it takes one with "
			       "CONFIG_DEBUG_INFO_BTF";
		/* By which a program knows what it is attached to. */
		if (!libbpf_probe_bpf_helper(BPF_PROG_TYPE_TRACEPOINT, BPF_FUNC_get_attach_cookie,
					     nullptr))
			return "it takes Linux 5.15 or later";
		return std::string(strerror(error)) +
		       (last_warning.empty() ? "" : " (" + last_warning + ")");
	}
}

uint32_t own_netns()
{
	struct stat status;

	return stat("/proc/self/ns/net", &status) ? 0 : static_cast<uint32_t>(status.st_ino);
}
