/* SPDX-License-Identifier: MIT */
/*
 * What of the queues can be seen: the module's tracepoints, the probes of
 * libraries, or neither, and why not.
 */
#ifndef MSGQCTL_TRACE_SIGHT_H
#define MSGQCTL_TRACE_SIGHT_H

#include <cstdint>
#include <string>
#include <vector>

struct bpf_link;
struct bpf_program;

struct Sight {
	bool tracepoints = false;
	std::vector<std::string> probed; /* files */
	std::vector<std::string> unseen; /* "what: why" */
};

/* A probe of the library, and what is to be run at it. */
struct Probe {
	const char *name;
	bpf_program *program;
};

/* The links to what could be attached, and their end. */
class Links
{
public:
	Links() = default;
	~Links();
	Links(const Links &) = delete;
	Links &operator=(const Links &) = delete;

	/* 0, or an errno. @cookie: told to the program. */
	int tracepoint(bpf_program *program, const std::string &name, uint64_t cookie);
	/* All @probes, at each of @files; what fails, @sight is told. */
	void probes(const std::vector<Probe> &probes, const std::vector<std::string> &files,
		    Sight &sight);

private:
	std::vector<bpf_link *> links_;
};

/*
 * The @files as they are found, or if there are none, that with the library which
 * msgqctl itself uses. Throws for one that cannot be read.
 */
std::vector<std::string> probed_files(const std::vector<std::string> &files);

/* Keeps what libbpf says to itself; the last of it is for who asks. */
void silence_libbpf();
/* Why the kernel does not take a program: @error is an errno. */
std::string why_not_loaded(int error);
/* The network namespace of the caller. */
uint32_t own_netns();

#endif
