// SPDX-License-Identifier: MIT
#include "program.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "act.h"

namespace
{

uint8_t any(Random &random)
{
	return static_cast<uint8_t>(random());
}

/* Small numbers choose what is there; others are for the bounds. */
uint8_t likely(Random &random)
{
	return random() % 3 ? static_cast<uint8_t>(random() % 8) : any(random);
}

/* By weight, so that what ends a program early is seldom. */
uint8_t any_act(Random &random)
{
	unsigned all = 0, at;

	for (size_t i = 0; i < acts_count(); i++)
		all += act_at(i).weight;
	at = static_cast<unsigned>(random() % all);
	for (size_t i = 0; i < acts_count(); i++) {
		if (at < act_at(i).weight)
			return static_cast<uint8_t>(i);
		at -= act_at(i).weight;
	}
	return 0;
}

Call any_call(Random &random)
{
	Call call;

	call.act = any_act(random);
	/* Two processes meet more often than four do. */
	call.actor = static_cast<uint8_t>(random() % (random() % 2 ? ACTORS : ACTORS / 2));
	for (uint8_t &argument : call.argument)
		argument = likely(random);
	if (act_at(call.act).choice >= 0)
		call.argument[act_at(call.act).choice] = any(random);
	return call;
}

} // namespace

Program Program::from(const std::string &bytes)
{
	Program program;

	if (bytes.empty())
		return program;
	program.mode = static_cast<uint8_t>(bytes[0]);
	for (size_t at = 1; at + sizeof(Call) <= bytes.size(); at += sizeof(Call)) {
		Call call;

		memcpy(&call, bytes.data() + at, sizeof(call));
		program.calls.push_back(call);
	}
	program.calls.resize(std::min(program.calls.size(), LONGEST));
	return program;
}

std::string Program::bytes() const
{
	std::string bytes(1, static_cast<char>(mode));

	bytes.append(reinterpret_cast<const char *>(calls.data()), calls.size() * sizeof(Call));
	return bytes;
}

Program Program::sample(Random &random)
{
	static constexpr const char *beginning[] = { "serve", "join" };
	Program program;

	program.mode = any(random) & (MODE_MASK | FOREIGN);
	if (random() % 8 == 0)
		program.mode |= random() % 2 ? EXITING : KILLED;
	/* Without a queue and somebody at it there is little to be reached. */
	for (const char *name : beginning) {
		Call call = any_call(random);

		call.act = act_named(name);
		program.calls.push_back(call);
	}
	for (size_t more = 6 + random() % 24; more; more--)
		program.calls.push_back(any_call(random));
	return program;
}

void Program::mutate(Random &random, const Program &other)
{
	for (size_t changes = 1 + random() % 5; changes; changes--) {
		const size_t at = calls.empty() ? 0 : random() % calls.size();
		const auto where = calls.begin() + static_cast<ptrdiff_t>(at);

		switch (random() % 10) {
		case 0:
		case 8:
		case 9:
			calls.insert(where, any_call(random));
			break;
		case 1:
			if (calls.size() > 1)
				calls.erase(where);
			break;
		case 2:
			if (!calls.empty())
				calls.insert(where, Call(calls[at]));
			break;
		case 3:
			if (!calls.empty())
				std::swap(calls[at], calls[random() % calls.size()]);
			break;
		case 4:
			if (!other.calls.empty())
				calls.insert(where, other.calls[random() % other.calls.size()]);
			break;
		case 5:
			if (!calls.empty())
				calls[at].actor = any(random) % ACTORS;
			break;
		case 6:
			mode ^= static_cast<uint8_t>(1u << random() % 4);
			break;
		default:
			if (!calls.empty())
				calls[at].argument[random() % 8] =
					random() % 2 ? likely(random) : any(random);
		}
	}
	if (calls.size() > LONGEST)
		calls.resize(LONGEST);
}

void print(const Program &program)
{
	printf("%s%s, %s\n", program.mode & AT_ONCE ? "at once" : "in turn",
	       program.mode & FOREIGN ? ", a foreign descriptor" : "",
	       program.mode & KILLED	? "killed"
	       : program.mode & EXITING ? "exiting"
					: "closing");
	for (const Call &call : program.calls) {
		printf("  %u.%u %-10s", call.process(), call.thread(),
		       act_at(call.act % acts_count()).name);
		for (uint8_t argument : call.argument)
			printf(" %02x", argument);
		printf("\n");
	}
}
