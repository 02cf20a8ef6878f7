/* SPDX-License-Identifier: MIT */
/* World: a move in words, for the path to what is wrong. */
#include "world.h"

#include <cstdio>

std::string World::describe(const State &s, const Move &move) const
{
	static const char *const who[] = { "sender 0", "sender 1", "sender 2",
					   "receiver", "keeper",   "reaper" };
	static const char *const op[] = { "",	     " send",	      " recv",	     " look",
					  " arm",    " sleep",	      " deactivate", " close",
					  " open",   " cancel",	      " unwatch",    " reap",
					  " listen", " await",	      " reached",    " renew",
					  " revoke", " mediated send" };
	static const char *const act[] = { "",	    "load",  "store",	       "release",
					   "cas",   "fence", "fence receiver", "listen",
					   "sleep", "wake",  "lock",	       "unlock",
					   "tell",  "await", "take",	       "give" };
	static const char *const place[] = { "word", "body", "tail" };
	const Doing &doing = s.doing[move.actor];
	std::string line = who[move.actor];
	char hex[64];

	auto name = [&](unsigned p) -> std::string {
		if (p < place_head)
			return " " + std::string(place[p / slots_max]) + " " +
			       std::to_string(p % slots_max);
		static const char *const rest[] = { " head",	" state",  " reason", " busy",
						    " cancels", " wanted", " revokes" };

		return rest[p - place_head];
	};

	if (move.kind == Move::crash)
		return line + " dies";
	if (move.kind == Move::stop)
		return line + " stops for ever";
	if (move.kind == Move::recheck)
		return line + " looks again, after a time";
	if (move.kind == Move::leave)
		return line + " leaves its send";
	if (move.kind == Move::flush)
		return line + ": visible:" + name(s.buffer[move.actor].store[move.entry].place);
	const Access &a = doing.pending;
	line += std::string(op[static_cast<unsigned>(doing.op)]) + ": " +
		act[static_cast<unsigned>(a.act)];
	if (a.place >= places)
		return line;
	line += name(a.place);
	const auto value = static_cast<unsigned long long>(
		a.act == Act::load ? s.view(move.actor, a.place) : a.value);
	snprintf(hex, sizeof(hex), "%s 0x%llx", a.act == Act::load ? ":" : " :=", value);
	line += hex;
	if (a.act == Act::cas && s.memory[a.place] != a.expected)
		line += " fails";
	return line;
}
