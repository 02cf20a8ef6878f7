// SPDX-License-Identifier: MIT
#include "coverage.h"

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <linux/kcov.h>
#include <sstream>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <vector>

namespace
{

constexpr size_t WORDS = 256 << 10;	      /* of a buffer; what does not fit is not told */
constexpr uint64_t TEXT = 0xffffffff81000000; /* where the kernel is when it is not moved */

/* KCOV tells addresses as if the kernel, its modules with it, had not been moved. */
uint64_t moved_by()
{
	std::ifstream symbols("/proc/kallsyms");
	std::string address, type, name;

	while (symbols >> address >> type >> name) {
		if (name == "_stext")
			return (std::stoull(address, nullptr, 16) - TEXT) & ~0x1fffffull;
	}
	return 0;
}

} // namespace

Coverage::Coverage()
{
	std::ifstream modules("/proc/modules");
	std::string line;

	for (unsigned i = 0; i < ACTORS; i++) {
		fd_[i] = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
		if (fd_[i] < 0 || ioctl(fd_[i], KCOV_INIT_TRACE, WORDS))
			return;
		void *at = mmap(nullptr, WORDS * sizeof(uint64_t), PROT_READ | PROT_WRITE,
				MAP_SHARED, fd_[i], 0);
		if (at == MAP_FAILED)
			return;
		trace_[i] = static_cast<uint64_t *>(at);
	}
	while (std::getline(modules, line)) {
		std::string name, references, users, state, address;
		std::istringstream fields(line);
		uint64_t size = 0;

		fields >> name >> size >> references >> users >> state >> address;
		if (name != "msgq")
			continue;
		begin_ = std::stoull(address, nullptr, 16) - moved_by();
		end_ = begin_ + size;
		there_ = true;
	}
}

void Coverage::trace(unsigned actor) const
{
	if (there_)
		ioctl(fd_[actor], KCOV_ENABLE, KCOV_TRACE_PC);
}

size_t Coverage::gather()
{
	size_t fresh = 0;

	for (unsigned i = 0; there_ && i < ACTORS; i++) {
		const uint64_t count = std::min<uint64_t>(trace_[i][0], WORDS - 1);

		for (uint64_t at = 1; at <= count; at++) {
			if (trace_[i][at] >= begin_ && trace_[i][at] < end_)
				fresh += seen_.insert(trace_[i][at]).second;
		}
		trace_[i][0] = 0;
	}
	return fresh;
}

void Coverage::write(const std::string &path) const
{
	std::vector<uint64_t> sorted(seen_.begin(), seen_.end());
	std::ofstream file(path);

	std::sort(sorted.begin(), sorted.end());
	for (uint64_t place : sorted)
		file << std::hex << place - begin_ << '\n';
}
