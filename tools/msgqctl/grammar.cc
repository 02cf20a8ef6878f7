// SPDX-License-Identifier: MIT
#include "grammar.h"

#include <sstream>

#include "columns.h"

static std::vector<std::string> split(const std::string &text, char at)
{
	std::istringstream parts(text);
	std::vector<std::string> words;
	std::string word;

	while (std::getline(parts, word, at))
		words.push_back(word);
	return words;
}

/* By what --help calls the value: COLS, FILE, active|inactive. */
static Words words_of(const std::string &type)
{
	if (type == "COLS")
		return { Words::Kind::Columns, column_names() };
	if (type == "FILE" || type == "STATUS")
		return { Words::Kind::File, {} };
	if (type == "KEY" || type == "QUEUE")
		return { Words::Kind::Queue, {} };
	if (type == "USER")
		return { Words::Kind::User, {} };
	if (type.find('|') != std::string::npos)
		return { Words::Kind::Choice, split(type, '|') };
	return {};
}

static std::string one_line(std::string text)
{
	for (char &c : text)
		if (c == '\n')
			c = ' ';
	return text;
}

static OptionWord option_of(const CLI::Option &option)
{
	OptionWord word;

	for (const std::string &name : option.get_snames())
		word.names.push_back("-" + name);
	for (const std::string &name : option.get_lnames())
		word.names.push_back("--" + name);
	word.help = one_line(option.get_description());
	word.takes = option.get_items_expected_max() > 0;
	if (word.takes)
		word.value = words_of(option.get_type_name());
	return word;
}

static std::vector<OptionWord> options_of(const CLI::App &app, Words *argument)
{
	std::vector<OptionWord> words;

	for (const CLI::Option *option : app.get_options()) {
		if (!option->get_positional())
			words.push_back(option_of(*option));
		else if (argument)
			*argument =
				words_of(option->get_type_name().empty() ? option->get_name(true)
									 : option->get_type_name());
	}
	return words;
}

Grammar grammar_of(const CLI::App &app)
{
	Grammar grammar;

	grammar.options = options_of(app, nullptr);
	for (const CLI::App *sub : app.get_subcommands(nullptr)) {
		CommandWord command{ sub->get_name(), one_line(sub->get_description()), {}, {} };

		command.options = options_of(*sub, &command.argument);
		grammar.commands.push_back(std::move(command));
	}
	return grammar;
}
