// SPDX-License-Identifier: MIT
#include <cstdio>
#include <memory>

#include "command.h"
#include "grammar.h"

namespace
{

std::string joined(const std::vector<std::string> &words, const char *between)
{
	std::string text;

	for (const std::string &word : words)
		text += (text.empty() ? "" : between) + word;
	return text;
}

/* For single quotes of a shell. */
std::string shell_quoted(const std::string &text)
{
	std::string safe;

	for (char c : text)
		safe += c == '\'' ? "'\\''" : std::string(1, c);
	return "'" + safe + "'";
}

std::vector<std::string> names(const std::vector<OptionWord> &options)
{
	std::vector<std::string> all;

	for (const OptionWord &option : options)
		all.insert(all.end(), option.names.begin(), option.names.end());
	return all;
}

const char queues[] = "msgqctl list -n -o KEY 2>/dev/null";

/* ---- bash ------------------------------------------------------------------ */

std::string bash_words(const Words &words)
{
	switch (words.kind) {
	case Words::Kind::Choice:
		return "compgen -W " + shell_quoted(joined(words.choices, "\n")) + " -- \"$cur\"";
	case Words::Kind::Columns:
		/* The last of several, after a comma. */
		return "compgen -P \"${cur%\"${cur##*[,+]}\"}\" -W " +
		       shell_quoted(joined(words.choices, "\n") + "\nall") +
		       " -- \"${cur##*[,+]}\"";
	case Words::Kind::File:
		return "compgen -f -- \"$cur\"";
	case Words::Kind::Queue:
		return "compgen -W \"$(" + std::string(queues) + ")\" -- \"$cur\"";
	case Words::Kind::User:
		return "compgen -u -- \"$cur\"";
	default:
		return ":";
	}
}

void print_bash(const Grammar &grammar)
{
	std::vector<std::string> commands;

	for (const CommandWord &command : grammar.commands)
		commands.push_back(command.name);
	puts("# bash completion of msgqctl; made by 'msgqctl completion bash'\n"
	     "_msgqctl()\n"
	     "{\n"
	     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= i\n"
	     "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	     "\t\t[[ ${COMP_WORDS[i]} == -* ]] || { command=${COMP_WORDS[i]}; break; }\n"
	     "\tdone\n"
	     "\tCOMPREPLY=()\n"
	     "\tlocal IFS=$'\\n'\n"
	     "\tcase $command:$prev in");
	for (const CommandWord &command : grammar.commands)
		for (const OptionWord &option : command.options) {
			if (!option.takes)
				continue;
			std::vector<std::string> patterns;

			for (const std::string &name : option.names)
				patterns.push_back(command.name + ":" + name);
			printf("\t%s) COMPREPLY=($(%s)); return ;;\n",
			       joined(patterns, " | ").c_str(), bash_words(option.value).c_str());
		}
	puts("\tesac\n"
	     "\tcase $command:$cur in");
	printf("\t:-*) COMPREPLY=($(compgen -W %s -- \"$cur\")) ;;\n",
	       shell_quoted(joined(names(grammar.options), "\n")).c_str());
	printf("\t:*) COMPREPLY=($(compgen -W %s -- \"$cur\")) ;;\n",
	       shell_quoted(joined(commands, "\n")).c_str());
	for (const CommandWord &command : grammar.commands) {
		printf("\t%s:-*) COMPREPLY=($(compgen -W %s -- \"$cur\")) ;;\n",
		       command.name.c_str(),
		       shell_quoted(joined(names(command.options), "\n")).c_str());
		if (command.argument.kind != Words::Kind::None)
			printf("\t%s:*) COMPREPLY=($(%s)) ;;\n", command.name.c_str(),
			       bash_words(command.argument).c_str());
	}
	puts("\tesac\n"
	     "}\n"
	     "complete -F _msgqctl msgqctl");
}

/* ---- zsh ------------------------------------------------------------------- */

std::string zsh_escaped(const std::string &text)
{
	std::string safe;

	for (char c : text) {
		if (c == '[' || c == ']' || c == ':' || c == '\\')
			safe += '\\';
		safe += c;
	}
	return safe;
}

std::string zsh_action(const Words &words)
{
	switch (words.kind) {
	case Words::Kind::Choice:
		return "(" + joined(words.choices, " ") + ")";
	case Words::Kind::Columns:
		return "_sequence compadd - " + joined(words.choices, " ") + " all";
	case Words::Kind::File:
		return "_files";
	case Words::Kind::Queue:
		return "_msgqctl_queues";
	case Words::Kind::User:
		return "_users";
	default:
		return " ";
	}
}

void print_zsh_options(const std::vector<OptionWord> &options)
{
	for (const OptionWord &option : options)
		for (const std::string &name : option.names) {
			std::string spec = "(" + joined(option.names, " ") + ")" + name + "[" +
					   zsh_escaped(option.help) + "]";

			if (option.takes)
				spec += ":value:" + zsh_action(option.value);
			printf(" \\\n\t\t\t%s", shell_quoted(spec).c_str());
		}
}

void print_zsh(const Grammar &grammar)
{
	puts("#compdef msgqctl\n"
	     "# made by 'msgqctl completion zsh'\n"
	     "_msgqctl_queues()\n"
	     "{");
	printf("\tlocal -a queues=(${(f)\"$(%s)\"})\n", queues);
	puts("\tcompadd -a queues\n"
	     "}\n"
	     "_msgqctl()\n"
	     "{\n"
	     "\tlocal state line\n"
	     "\tlocal -a commands=(");
	for (const CommandWord &command : grammar.commands)
		printf("\t\t%s\n",
		       shell_quoted(command.name + ":" + zsh_escaped(command.help)).c_str());
	printf("\t)\n\t_arguments -C");
	print_zsh_options(grammar.options);
	puts(" \\\n\t\t\t'1:command:->command' '*::argument:->argument'\n"
	     "\tcase $state in\n"
	     "\tcommand) _describe command commands ;;\n"
	     "\targument)\n"
	     "\t\tcase $line[1] in");
	for (const CommandWord &command : grammar.commands) {
		printf("\t\t%s) _arguments -s", command.name.c_str());
		print_zsh_options(command.options);
		if (command.argument.kind != Words::Kind::None)
			printf(" \\\n\t\t\t%s",
			       shell_quoted("*:argument:" + zsh_action(command.argument)).c_str());
		puts(" ;;");
	}
	puts("\t\tesac ;;\n"
	     "\tesac\n"
	     "}\n"
	     "_msgqctl \"$@\"");
}

/* ---- fish ------------------------------------------------------------------ */

std::string fish_words(const Words &words)
{
	switch (words.kind) {
	case Words::Kind::Choice:
		return " -xa " + shell_quoted(joined(words.choices, " "));
	case Words::Kind::Columns:
		return " -xa " +
		       shell_quoted("(__fish_append , " + joined(words.choices, " ") + " all)");
	case Words::Kind::File:
		return " -rF";
	case Words::Kind::Queue:
		return " -xa " + shell_quoted("(" + std::string(queues) + ")");
	case Words::Kind::User:
		return " -xa '(__fish_complete_users)'";
	default:
		return " -x";
	}
}

void print_fish_options(const std::vector<OptionWord> &options, const std::string &when)
{
	for (const OptionWord &option : options) {
		std::string line = "complete -c msgqctl -n " + shell_quoted(when);

		for (const std::string &name : option.names)
			line += name.starts_with("--") ? " -l " + name.substr(2)
						       : " -s " + name.substr(1);
		if (option.takes)
			line += fish_words(option.value);
		printf("%s -d %s\n", line.c_str(), shell_quoted(option.help).c_str());
	}
}

void print_fish(const Grammar &grammar)
{
	puts("# fish completion of msgqctl; made by 'msgqctl completion fish'\n"
	     "complete -c msgqctl -f");
	print_fish_options(grammar.options, "__fish_use_subcommand");
	for (const CommandWord &command : grammar.commands) {
		std::string when = "__fish_seen_subcommand_from " + command.name;

		printf("complete -c msgqctl -n __fish_use_subcommand -a %s -d %s\n",
		       command.name.c_str(), shell_quoted(command.help).c_str());
		print_fish_options(command.options, when);
		if (command.argument.kind != Words::Kind::None)
			printf("complete -c msgqctl -n %s%s\n", shell_quoted(when).c_str(),
			       fish_words(command.argument).c_str());
	}
}

const struct {
	const char *name;
	void (*print)(const Grammar &grammar);
} shells[] = {
	{ "bash", print_bash },
	{ "zsh", print_zsh },
	{ "fish", print_fish },
};

void print_for(const std::string &shell, const CLI::App &app)
{
	for (const auto &each : shells)
		if (shell == each.name)
			each.print(grammar_of(app));
}

std::string shell_names()
{
	std::vector<std::string> all;

	for (const auto &each : shells)
		all.emplace_back(each.name);
	return joined(all, "|");
}

} // namespace

std::function<void()> setup_completion(CLI::App &app)
{
	auto shell = std::make_shared<std::string>();

	app.add_option_function<std::string>(
		   "SHELL",
		   [shell](const std::string &name) {
			   for (const auto &each : shells)
				   if (name == each.name)
					   *shell = name;
			   if (shell->empty())
				   throw CLI::ValidationError("SHELL", "'" + name +
									       "' is not one of " +
									       shell_names());
		   },
		   "bash, zsh or fish")
		->required()
		->type_name(shell_names());
	app.footer("Prints a script by which the shell completes commands, options, columns and\n"
		   "keys. 'make install' puts it where shells look; else, in bash:\n"
		   "  source <(msgqctl completion bash)\n");
	return [shell, &app] {
		print_for(*shell, *app.get_parent());
	};
}
