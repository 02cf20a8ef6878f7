/* SPDX-License-Identifier: MIT */
/*
 * What can be said to msgqctl, for shells that complete it: taken from what the
 * commands declare, so that it cannot differ.
 */
#ifndef MSGQCTL_GRAMMAR_H
#define MSGQCTL_GRAMMAR_H

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

/* What a word can be. */
struct Words {
	enum class Kind { None, Choice, Columns, File, Queue, User } kind = Kind::None;
	std::vector<std::string> choices; /* of Choice and Columns */
};

struct OptionWord {
	std::vector<std::string> names; /* with their dashes */
	std::string help;		/* one line */
	bool takes = false;		/* a value follows */
	Words value;
};

struct CommandWord {
	std::string name, help;
	std::vector<OptionWord> options;
	Words argument;
};

struct Grammar {
	std::vector<OptionWord> options; /* without a command */
	std::vector<CommandWord> commands;
};

Grammar grammar_of(const CLI::App &app);

#endif
