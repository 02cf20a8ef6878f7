// SPDX-License-Identifier: MIT
#include "filter.h"

#include <algorithm>
#include <sstream>

#include "names.h"
#include "notation.h"

namespace
{

const State states[] = {
	{ "active",
	  [](const msgqipc_info &info) {
		  return info.active != 0;
	  } },
	{ "inactive",
	  [](const msgqipc_info &info) {
		  return !info.active;
	  } },
	{ "full",
	  [](const msgqipc_info &info) {
		  return info.depth == info.entries;
	  } },
	{ "empty",
	  [](const msgqipc_info &info) {
		  return !info.depth;
	  } },
	{ "waiting",
	  [](const msgqipc_info &info) {
		  return info.waiting != 0;
	  } },
};

std::string state_names(const char *between)
{
	std::string names;

	for (const State &state : states)
		names += (names.empty() ? "" : between) + std::string(state.name);
	return names;
}

const State *parse_state(const std::string &name)
{
	for (const State &state : states)
		if (name == state.name)
			return &state;
	throw CLI::ValidationError("--state", "there is no state '" + name + "'; there are " +
						      state_names(", "));
}

msgqipc_key parse_filter_key(const std::string &text)
{
	msgqipc_key key = 0;

	if (!parse_key(text, key))
		throw CLI::ValidationError("--key", "'" + text +
							    "' is not a key, as 42 or 0x2a; 0 is "
							    "queues without one");
	return key;
}

uint32_t parse_user(const std::string &text)
{
	auto uid = user_id(text);

	if (!uid)
		throw CLI::ValidationError("--user", "there is no user '" + text +
							     "'; a name or a number is wanted");
	return *uid;
}

/* An option of which there may be several, or several in one with commas between. */
template <typename Parse>
CLI::Option *add_set(CLI::App &app, const std::string &name, const std::string &help,
		     const std::string &type, Parse each)
{
	return app
		.add_option_function<std::vector<std::string>>(
			name,
			[each](const std::vector<std::string> &texts) {
				for (const std::string &text : texts) {
					std::istringstream parts(text);
					std::string part;

					while (std::getline(parts, part, ','))
						each(part);
				}
			},
			help)
		->type_name(type)
		->allow_extra_args(false);
}

template <typename T>
bool among(const std::vector<T> &wanted, const T &value)
{
	return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

} // namespace

void Filter::add_to(CLI::App &app)
{
	add_set(app, "-k,--key", "only queues of that key, or of several: 42,0x2b", "KEY",
		[this](const std::string &text) { keys_.push_back(parse_filter_key(text)); });
	add_set(app, "-u,--user", "only queues of that user, by name or number", "USER",
		[this](const std::string &text) { users_.push_back(parse_user(text)); });
	add_set(app, "-s,--state", "only queues in that state", state_names("|"),
		[this](const std::string &text) { states_.push_back(parse_state(text)); });
}

bool Filter::wants(const msgqipc_info &info) const
{
	return among(keys_, info.key) && among(users_, info.uid) &&
	       std::all_of(states_.begin(), states_.end(),
			   [&](const State *state) { return state->holds(info); });
}
