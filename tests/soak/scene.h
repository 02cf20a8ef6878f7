/* SPDX-License-Identifier: MIT */
/* What those who take part in a soak tell each other, in memory that they share. */
#ifndef MSGQ_TESTS_SOAK_SCENE_H
#define MSGQ_TESTS_SOAK_SCENE_H

#include <atomic>
#include <cstdint>
#include <cstdio>

#include "../hostile/target.h"

namespace soak
{

constexpr uint32_t SEATS = 4;
constexpr uint64_t LIVES = 64;

/* Whose going on is watched. */
enum Progress { COUNTED, CANCELLED, SWITCHED, ATTACKED, ATTACKED_SENDS, PROGRESS };

inline const char *name(size_t progress)
{
	static const char *const names[PROGRESS] = { "the counted queue", "the cancelled queue",
						     "the switched queue", "the attacked receiver",
						     "the attacked senders" };

	return names[progress];
}

/* One sender and one receiver who tell each other how far they are. */
struct Course {
	std::atomic<uint64_t> sent, received;
	std::atomic<bool> done; /* nothing more is sent */
};

struct Scene {
	std::atomic<bool> over;
	std::atomic<uint64_t> progress[PROGRESS];

	/* Of a seat's last lives: what each was told to be sent. */
	std::atomic<uint64_t> told[SEATS][LIVES];
	uint64_t first[SEATS]; /* life that the receiver will see */

	Course cancelled, switched;
	/* A cancel takes what is below, and has taken it. */
	std::atomic<uint64_t> cancelling, taken;

	hostile::Target attacked;
	std::atomic<uint64_t> scribbles;
	uint64_t kills, stops, namespaces, hostiles;

	void report() const
	{
		for (size_t each = 0; each < PROGRESS; each++)
			printf("%s: %lu\n", name(each), progress[each].load());
		printf("%lu senders killed, %lu stops, %lu namespaces, %lu hostile processes with "
		       "%lu scribbles over %lu queues\n",
		       kills, stops, namespaces, hostiles, scribbles.load(), attacked.queues());
	}
};

/* Whoever waits for its end is told of it, however it comes. */
class Done
{
	std::atomic<bool> &done;

public:
	explicit Done(std::atomic<bool> &flag) : done(flag)
	{
	}
	~Done()
	{
		done = true;
	}

	Done(const Done &) = delete;
	Done &operator=(const Done &) = delete;
};

} // namespace soak

#endif
