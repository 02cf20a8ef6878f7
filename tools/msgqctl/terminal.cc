// SPDX-License-Identifier: MIT
#include "terminal.h"

#include <algorithm>
#include <clocale>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

unsigned terminal_width()
{
	struct winsize size = {};

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return 80;
	return size.ws_col;
}

bool terminal_unicode()
{
	static const bool unicode = [] {
		setlocale(LC_CTYPE, "");
		return !strcmp(nl_langinfo(CODESET), "UTF-8");
	}();

	return unicode;
}

static bool coloured()
{
	static const bool wanted = [] {
		const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

		return isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb") != 0;
	}();

	return wanted;
}

std::string tinted(Tint tint, const std::string &text)
{
	static const char *const codes[] = { "",	 "\033[1m",  "\033[32m",
					     "\033[33m", "\033[31m", "\033[2m" };

	if (tint == Tint::Plain || !coloured())
		return text;
	return codes[static_cast<int>(tint)] + text + "\033[0m";
}

std::string bar(unsigned width, double part, double mark)
{
	const char *full = terminal_unicode() ? "█" : "#";
	const char *empty = terminal_unicode() ? "░" : ".";
	const char *line = terminal_unicode() ? "│" : "|";
	/* What is there at all is seen; and what is not full does not look so. */
	auto cells = static_cast<unsigned>(std::ceil(part * width));
	unsigned marked = mark < 0 ? width : static_cast<unsigned>(std::ceil(mark * width));
	std::string text;

	if (part < 1)
		cells = std::min(cells, width - 1);
	marked = marked ? marked - 1 : 0;
	for (unsigned i = 0; i < width; i++)
		text += i < cells ? full : mark >= 0 && i == marked ? line : empty;
	return text;
}
