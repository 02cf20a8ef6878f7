/* SPDX-License-Identifier: MIT */
/*
 * Writes over all memory of queues that its process may write to, mostly what
 * nearly makes sense: that reaches further than noise does.
 */
#ifndef MSGQ_TESTS_HOSTILE_SCRIBBLER_H
#define MSGQ_TESTS_HOSTILE_SCRIBBLER_H

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <random>
#include <vector>

#include "msgq/ring.h"

namespace hostile
{

class Scribbler
{
	struct Area {
		__u64 *word;
		size_t words;
	};

	std::mt19937_64 &random;
	std::vector<Area> areas;

	static constexpr size_t SLOT_WORDS = sizeof(msgq_slot) / sizeof(uint64_t);

	uint64_t any(uint64_t near)
	{
		switch (random() % 4) {
		case 0:
			return random();
		case 1:
			return near + random() % 5 - 2;
		case 2:
			return near + random() % 4096 - 2048;
		default:
			return 0 - random() % 4;
		}
	}

	uint64_t forged(uint64_t old)
	{
		const uint64_t noise = random();

		if (noise % 16 == 0)
			return random();
		return msgq_word(msgq_word_lap(old) + (noise >> 4) % 5 - 2,
				 static_cast<msgq_slot_state>(noise >> 8 & 3), noise >> 16 & 127,
				 noise % 4 ? (noise >> 32) % 8 : noise >> 32 & 8191) |
		       (noise % 8 == 1 ? noise & (MSGQ_WORD_ARMED | MSGQ_WORD_CLOSED) : 0);
	}

	/* Takes the slot as a sender does, and leaves it at that. */
	void claim(__u64 *word)
	{
		__u64 old = msgq_load_acquire(word);

		msgq_cas(
			word, &old,
			msgq_word(msgq_word_lap(old) + 1, MSGQ_CLAIMED, 0, uint32_t(random() % 8)));
	}

	/*
	 * Of the slots, mostly one about the boundary, where laps change: that is
	 * where senders and receivers are. Others, and what is no slot, at times.
	 */
	size_t pick(const Area &area)
	{
		const size_t slots = area.words / SLOT_WORDS;
		size_t at = 1;

		if (random() % 4 == 0)
			return random() % slots;
		while (at < slots && area.word[at * SLOT_WORDS] &&
		       msgq_word_lap(area.word[at * SLOT_WORDS]) == msgq_word_lap(area.word[0]))
			at++;
		return (at + slots + random() % 5 - 3) % slots;
	}

public:
	explicit Scribbler(std::mt19937_64 &source) : random(source)
	{
		look();
	}

	/* What is mapped now. */
	void look()
	{
		FILE *maps = fopen("/proc/self/maps", "re");
		char line[512], rights[8], path[256];
		unsigned long begin, end;

		areas.clear();
		while (maps && fgets(line, sizeof(line), maps)) {
			*path = 0;
			if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %255s", &begin, &end, rights,
				   path) >= 3 &&
			    !strcmp(rights, "rw-s") && strstr(path, "msgq"))
				areas.push_back({ reinterpret_cast<__u64 *>(begin),
						  (end - begin) / sizeof(uint64_t) });
		}
		if (maps)
			fclose(maps);
	}

	bool blank() const
	{
		return areas.empty();
	}

	void scribble()
	{
		const Area &area = areas[random() % areas.size()];
		__u64 *word = area.word + pick(area) * SLOT_WORDS;

		switch (random() % 8) {
		case 0: /* a body, or a tail */
			word = area.word + random() % area.words;
			msgq_store(word, random());
			break;
		case 1: /* where a consumer page has its head, busy and sleeps */
			word = area.word + (random() % 3 == 0 ? 8 : random() % 2);
			msgq_store(word, any(msgq_load(area.word)));
			break;
		case 2:
			claim(word);
			break;
		default:
			msgq_store(word, forged(msgq_load(word)));
		}
	}
};

} // namespace hostile

#endif
