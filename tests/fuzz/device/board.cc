// SPDX-License-Identifier: MIT
#include "board.h"

#include <climits>
#include <ctime>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

void board_wake(std::atomic<uint32_t> *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

void board_wait(const std::atomic<uint32_t> *word, uint32_t seen, int64_t ns)
{
	const timespec left = { ns / 1'000'000'000, ns % 1'000'000'000 };

	if (word->load() == seen)
		syscall(SYS_futex, word, FUTEX_WAIT, seen, ns < 0 ? nullptr : &left, nullptr, 0);
}
